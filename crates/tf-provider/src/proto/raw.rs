//! The service as a function of bytes: the message of a call in, that of its
//! answer out.
//!
//! Built for tests that send what no Terraform would. It must not know gRPC, which
//! frames messages, nor what any of them means.

use std::sync::Arc;

use prost::Message;
use tonic::{Request, Response, Status};

use super::client;
use super::generated::tfplugin5::provider_server::Provider;
use super::service::Service;
use super::told::Told;
use crate::diagnostics::Diagnostics;
use crate::provider::Parts;
use crate::server::Server;

/// A service without a socket in front of it.
pub(crate) struct Raw(Service);

/// What a call was answered with.
pub(crate) struct Reply {
    pub(crate) message: Vec<u8>,
    pub(crate) told: Diagnostics,
}

impl Raw {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Service::new(Arc::new(Server::new(parts))))
    }

    /// Answers one call. None where the bytes are no message of that call, which
    /// gRPC refuses by itself.
    pub(crate) async fn ask(&self, rpc: &str, message: &[u8]) -> Option<Reply> {
        let Self(it) = self;
        match rpc {
            "PrepareProviderConfig" => {
                ask(message, |asked| it.prepare_provider_config(asked)).await
            }
            "Configure" => ask(message, |asked| it.configure(asked)).await,
            "ValidateResourceTypeConfig" => {
                ask(message, |asked| it.validate_resource_type_config(asked)).await
            }
            "UpgradeResourceState" => ask(message, |asked| it.upgrade_resource_state(asked)).await,
            "ReadResource" => ask(message, |asked| it.read_resource(asked)).await,
            "PlanResourceChange" => ask(message, |asked| it.plan_resource_change(asked)).await,
            "ApplyResourceChange" => ask(message, |asked| it.apply_resource_change(asked)).await,
            "ImportResourceState" => ask(message, |asked| it.import_resource_state(asked)).await,
            "ValidateDataSourceConfig" => {
                ask(message, |asked| it.validate_data_source_config(asked)).await
            }
            "ReadDataSource" => ask(message, |asked| it.read_data_source(asked)).await,
            other => panic!("{other} is no call that is asked in bytes"),
        }
    }
}

async fn ask<Q, A, F>(message: &[u8], call: impl FnOnce(Request<Q>) -> F) -> Option<Reply>
where
    Q: Message + Default,
    A: Message + Told,
    F: Future<Output = Result<Response<A>, Status>>,
{
    let asked = Q::decode(message).ok()?;
    let answer = call(Request::new(asked)).await;
    let mut answer = answer.unwrap_or_else(|status| panic!("a gRPC error: {status}")).into_inner();
    let message = answer.encode_to_vec();
    let told = client::told(std::mem::take(answer.told()));
    let told = told.unwrap_or_else(|violation| panic!("a breach of the protocol: {violation}"));
    Some(Reply { message, told })
}
