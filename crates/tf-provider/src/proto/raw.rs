//! The service as a function of bytes: the message of a request in, that of the response
//! out.
//!
//! Built for tests that send what Terraform never would. It must not know gRPC, which
//! frames messages, nor the meaning of any of them.

use std::sync::Arc;

use prost::Message;
use tonic::{Request, Response, Status};

use super::client;
use super::diagnostics::WithDiagnostics;
use super::generated::tfplugin5::provider_server::Provider;
use super::service::Service;
use crate::diagnostics::Diagnostics;
use crate::provider::Parts;
use crate::server::Server;

/// A service without a socket in front of it.
pub(crate) struct Raw(Service);

/// The response to a request.
pub(crate) struct Reply {
    pub(crate) message: Vec<u8>,
    pub(crate) diagnostics: Diagnostics,
}

impl Raw {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Service::new(Arc::new(Server::new(parts))))
    }

    /// Responds to one request. None where the bytes are no message of that call, which
    /// gRPC refuses by itself.
    pub(crate) async fn send(&self, rpc: &str, message: &[u8]) -> Option<Reply> {
        let Self(it) = self;
        match rpc {
            "PrepareProviderConfig" => {
                send(message, |request| it.prepare_provider_config(request)).await
            }
            "Configure" => send(message, |request| it.configure(request)).await,
            "ValidateResourceTypeConfig" => {
                send(message, |request| it.validate_resource_type_config(request)).await
            }
            "UpgradeResourceState" => {
                send(message, |request| it.upgrade_resource_state(request)).await
            }
            "ReadResource" => send(message, |request| it.read_resource(request)).await,
            "PlanResourceChange" => send(message, |request| it.plan_resource_change(request)).await,
            "ApplyResourceChange" => {
                send(message, |request| it.apply_resource_change(request)).await
            }
            "ImportResourceState" => {
                send(message, |request| it.import_resource_state(request)).await
            }
            "ValidateDataSourceConfig" => {
                send(message, |request| it.validate_data_source_config(request)).await
            }
            "ReadDataSource" => send(message, |request| it.read_data_source(request)).await,
            other => panic!("{other} is no call that is sent in bytes"),
        }
    }
}

async fn send<Q, A, F>(message: &[u8], call: impl FnOnce(Request<Q>) -> F) -> Option<Reply>
where
    Q: Message + Default,
    A: Message + WithDiagnostics,
    F: Future<Output = Result<Response<A>, Status>>,
{
    let request = Q::decode(message).ok()?;
    let response = call(Request::new(request)).await;
    let mut response =
        response.unwrap_or_else(|status| panic!("a gRPC error: {status}")).into_inner();
    let message = response.encode_to_vec();
    let diagnostics = client::diagnostics(std::mem::take(response.diagnostics_mut()));
    let diagnostics =
        diagnostics.unwrap_or_else(|violation| panic!("a breach of the protocol: {violation}"));
    Some(Reply { message, diagnostics })
}
