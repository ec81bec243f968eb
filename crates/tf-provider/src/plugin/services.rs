//! The services beside the provider that a host expects of a plugin, and all of them as one router.
//!
//! They carry go-plugin's own conversation: the end of the process, output to forward, further
//! connections, health. Terraform uses the first, opens the next two and leaves them idle, and never
//! asks for the last; other hosts do. This module must not know the provider's responses.

use std::convert::Infallible;
use std::future::ready;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming, async_trait};

use crate::proto::side::health::health_check_response::ServingStatus;
use crate::proto::side::health::health_server::{Health, HealthServer};
use crate::proto::side::health::{HealthCheckRequest, HealthCheckResponse};
use crate::proto::side::plugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use crate::proto::side::plugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use crate::proto::side::plugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use crate::proto::side::plugin::{ConnInfo, Empty, StdioData};

/// The services by whose names a host may ask for health: the whole process, and go-plugin's name.
const HEALTHY: [&str; 2] = ["", "plugin"];

/// A gRPC service as tonic generates it.
pub(crate) trait GrpcService {
    /// The routes to the methods of the service.
    fn into_routes(self) -> Routes;
}

impl<S> GrpcService for S
where
    S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>,
    S: NamedService + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    fn into_routes(self) -> Routes {
        Routes::new(self)
    }
}

/// The provider and the side services. The `Shutdown` RPC cancels `stop`, which ends the streams
/// that would otherwise stay open.
pub(super) fn routes(provider: impl GrpcService, stop: &CancellationToken) -> Routes {
    let side = SideServices { stop: stop.clone() };
    provider
        .into_routes()
        .add_service(GrpcControllerServer::new(side.clone()))
        .add_service(GrpcStdioServer::new(side.clone()))
        .add_service(GrpcBrokerServer::new(side.clone()))
        .add_service(HealthServer::new(side))
}

/// All side services in one: the only thing they share is the end.
#[derive(Clone, Debug)]
struct SideServices {
    stop: CancellationToken,
}

type Replies<T> = BoxStream<'static, Result<T, Status>>;

impl SideServices {
    /// Ends a stream of replies together with the process.
    fn until_stop<T: 'static>(
        &self,
        replies: impl Stream<Item = Result<T, Status>> + Send + 'static,
    ) -> Response<Replies<T>> {
        Response::new(replies.take_until(self.stop.clone().cancelled_owned()).boxed())
    }
}

#[async_trait]
impl GrpcController for SideServices {
    /// Only starts the end: the reply goes out while the server drains.
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.stop.cancel();
        Ok(Response::new(Empty {}))
    }
}

#[async_trait]
impl GrpcStdio for SideServices {
    type StreamStdioStream = Replies<StdioData>;

    /// Sends nothing: Terraform would log it as a warning, and reads stderr anyway.
    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(self.until_stop(stream::pending()))
    }
}

#[async_trait]
impl GrpcBroker for SideServices {
    type StartStreamStream = Replies<ConnInfo>;

    /// Listens until the host hangs up. A provider has no use for further connections.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let offers = request.into_inner().take_while(|offer| ready(offer.is_ok()));
        Ok(self.until_stop(offers.filter_map(|_| ready(None))))
    }
}

#[async_trait]
impl Health for SideServices {
    type WatchStream = Replies<HealthCheckResponse>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        match health_of(request.get_ref()) {
            ServingStatus::Serving => Ok(Response::new(report(ServingStatus::Serving))),
            _ => Err(Status::not_found("this plugin has no service of that name")),
        }
    }

    /// Health does not change while the process lives, so there is one report, and silence.
    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let first = report(health_of(request.get_ref()));
        Ok(self.until_stop(stream::iter([Ok(first)]).chain(stream::pending())))
    }
}

fn health_of(request: &HealthCheckRequest) -> ServingStatus {
    if HEALTHY.contains(&request.service.as_str()) {
        ServingStatus::Serving
    } else {
        ServingStatus::ServiceUnknown
    }
}

fn report(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn services() -> SideServices {
        SideServices { stop: CancellationToken::new() }
    }

    fn asking_for(service: &str) -> Request<HealthCheckRequest> {
        Request::new(HealthCheckRequest { service: service.to_owned() })
    }

    #[tokio::test]
    async fn stdio_is_silent_until_the_end() {
        let services = services();
        let mut output = services.stream_stdio(Request::new(())).await.unwrap().into_inner();
        assert!(output.next().now_or_never().is_none());
        services.stop.cancel();
        assert!(output.next().await.is_none());
    }

    #[tokio::test]
    async fn reports_health_of_the_plugin_and_of_no_other_service() {
        let services = services();
        for name in ["", "plugin"] {
            let reply = services.check(asking_for(name)).await.unwrap().into_inner();
            assert_eq!(reply.status(), ServingStatus::Serving);
        }
        let error = services.check(asking_for("elsewhere")).await.unwrap_err();
        assert_eq!(error.code(), tonic::Code::NotFound);
    }

    #[tokio::test]
    async fn watching_health_reports_once_and_waits_for_the_end() {
        let services = services();
        for (name, expected) in
            [("plugin", ServingStatus::Serving), ("elsewhere", ServingStatus::ServiceUnknown)]
        {
            let mut health = services.watch(asking_for(name)).await.unwrap().into_inner();
            assert_eq!(health.next().await.unwrap().unwrap().status(), expected);
            assert!(health.next().now_or_never().is_none());
        }
        let mut health = services.watch(asking_for("")).await.unwrap().into_inner();
        services.stop.cancel();
        while health.next().await.is_some() {}
    }
}
