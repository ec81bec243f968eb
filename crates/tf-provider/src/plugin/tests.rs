//! The services over real sockets, as a host meets them.

#![cfg(feature = "testing")]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_stream::StreamExt;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;
use tonic::transport::Channel;

use super::*;
use crate::proto::side::health::HealthCheckRequest;
use crate::proto::side::health::health_client::HealthClient;
use crate::proto::side::plugin::grpc_broker_client::GrpcBrokerClient;
use crate::proto::side::plugin::grpc_controller_client::GrpcControllerClient;
use crate::proto::side::plugin::grpc_stdio_client::GrpcStdioClient;
use crate::proto::side::plugin::{ConnInfo, Empty};

/// Stands in for a provider and knows no method.
#[derive(Clone)]
struct Nothing;

impl NamedService for Nothing {
    const NAME: &'static str = "test.Nothing";
}

impl Service<http::Request<Body>> for Nothing {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        ready(Ok(tonic::Status::unimplemented("nothing").into_http()))
    }
}

struct Host {
    channel: Channel,
    stop: CancellationToken,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
}

async fn host() -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(serve_plain(listener, Nothing, stop.clone()));
    let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{address}")).unwrap();
    Host { channel: endpoint.connect().await.unwrap(), stop, server }
}

#[tokio::test]
async fn shutdown_ends_the_streams_and_the_server() {
    let Host { channel, server, .. } = host().await;
    let mut output =
        GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let offers = tokio_stream::pending::<ConnInfo>();
    let mut offered =
        GrpcBrokerClient::new(channel.clone()).start_stream(offers).await.unwrap().into_inner();

    GrpcControllerClient::new(channel).shutdown(Empty {}).await.unwrap();
    assert!(output.next().await.is_none());
    assert!(offered.next().await.is_none());
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_caller_can_end_the_server() {
    let Host { channel, stop, server } = host().await;
    drop(channel);
    stop.cancel();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_broker_listens_until_the_host_hangs_up() {
    let Host { channel, .. } = host().await;
    let offers = tokio_stream::iter([ConnInfo::default(), ConnInfo::default()]);
    let mut offered =
        GrpcBrokerClient::new(channel).start_stream(offers).await.unwrap().into_inner();
    assert!(offered.next().await.is_none());
}

#[tokio::test]
async fn many_requests_may_be_open() {
    let Host { channel, .. } = host().await;
    let mut streams = Vec::new();
    for _ in 0..300 {
        let mut client = HealthClient::new(channel.clone());
        let request = HealthCheckRequest { service: "plugin".to_owned() };
        let mut health = client.watch(request).await.unwrap().into_inner();
        health.next().await.unwrap().unwrap();
        streams.push(health);
    }
}

#[tokio::test(start_paused = true)]
async fn requests_that_do_not_finish_do_not_hold_up_the_end() {
    let stop = CancellationToken::new();
    let start = tokio::time::Instant::now();
    let ending = until(ready(Ending::Shutdown), std::future::pending(), &stop).await;
    assert_eq!(ending, Ending::Shutdown);
    assert!(stop.is_cancelled());
    assert_eq!(start.elapsed(), DRAIN);
}

#[tokio::test]
async fn a_server_that_finishes_first_was_shut_down() {
    let stop = CancellationToken::new();
    stop.cancel();
    let ending = until(std::future::pending(), ready(Ok(())), &stop).await;
    assert_eq!(ending, Ending::Shutdown);
}
