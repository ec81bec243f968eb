//! The other end of the wire: a client of the provider's service, as Terraform is one.
//!
//! Built for tests only. It sends requests and decodes the responses into values, schemas
//! and diagnostics; the rules for them are elsewhere. A response that Terraform could not
//! use at all is a [`Violation`].
//!
//! Source: Terraform plugin protocol 5.10, service `Provider`.

mod shape;
#[cfg(test)]
mod tests;
mod violation;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tonic::transport::{Channel, Endpoint};
use tonic::{Response, Status};

pub(crate) use self::shape::{Attribute, Body, Nested, Shape};
pub(crate) use self::violation::Violation;
use super::LARGEST_MESSAGE;
use super::generated::tfplugin5 as wire;
use super::generated::tfplugin5::attribute_path::step::Selector;
use super::generated::tfplugin5::provider_client::ProviderClient;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::server::{ApplyRequest, Object, PlanRequest, Planned, StoredObject};
use crate::value::{Path, Step, Type, Value, msgpack};

/// The result of a request.
pub(crate) type ClientResult<T> = Result<T, Violation>;

/// The schemas of everything that a provider serves.
#[derive(Debug)]
pub(crate) struct Shapes {
    pub(crate) provider: Shape,
    pub(crate) resources: BTreeMap<String, Shape>,
    pub(crate) data_sources: BTreeMap<String, Shape>,
}

/// A connection to a provider.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    wire: ProviderClient<Channel>,
    capabilities: wire::ClientCapabilities,
}

impl Client {
    /// Connects without TLS.
    pub(crate) async fn connect(address: SocketAddr) -> ClientResult<Self> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"))
            .map_err(|error| Violation::new(format!("no address: {error}")))?;
        let channel = endpoint.connect().await;
        let channel =
            channel.map_err(|error| Violation::new(format!("cannot connect: {error}")))?;
        let wire = ProviderClient::new(channel).max_decoding_message_size(LARGEST_MESSAGE);
        let capabilities = wire::ClientCapabilities {
            deferral_allowed: false,
            write_only_attributes_allowed: true,
        };
        Ok(Self { wire, capabilities })
    }

    /// The same connection, as a client without write-only arguments.
    pub(crate) fn without_write_only(mut self) -> Self {
        self.capabilities.write_only_attributes_allowed = false;
        self
    }

    /// `GetSchema`.
    pub(crate) async fn shapes(&self) -> ClientResult<Shapes> {
        let request = wire::get_provider_schema::Request {};
        let response = message("GetSchema", self.wire().get_schema(request).await)?;
        let shaped = |(name, schema)| Ok((name, Shape::read(Some(schema))?));
        Ok(Shapes {
            provider: Shape::read(response.provider)?,
            resources: response
                .resource_schemas
                .into_iter()
                .map(shaped)
                .collect::<ClientResult<_>>()?,
            data_sources: response
                .data_source_schemas
                .into_iter()
                .map(shaped)
                .collect::<ClientResult<_>>()?,
        })
    }

    /// `PrepareProviderConfig`.
    pub(crate) async fn prepare(&self, ty: &Type, config: &Value) -> ClientResult<Diagnostics> {
        let request = wire::prepare_provider_config::Request { config: sent(config, ty)? };
        let response =
            message("PrepareProviderConfig", self.wire().prepare_provider_config(request).await)?;
        diagnostics(response.diagnostics)
    }

    /// `Configure`.
    pub(crate) async fn configure(&self, ty: &Type, config: &Value) -> ClientResult<Diagnostics> {
        let request = wire::configure::Request {
            terraform_version: "1.14.0".to_owned(),
            config: sent(config, ty)?,
            client_capabilities: Some(self.capabilities),
        };
        diagnostics(message("Configure", self.wire().configure(request).await)?.diagnostics)
    }

    /// `ValidateResourceTypeConfig`.
    pub(crate) async fn validate(
        &self,
        type_name: &str,
        ty: &Type,
        config: &Value,
    ) -> ClientResult<Diagnostics> {
        let request = wire::validate_resource_type_config::Request {
            type_name: type_name.to_owned(),
            config: sent(config, ty)?,
            client_capabilities: Some(self.capabilities),
        };
        let response = self.wire().validate_resource_type_config(request).await;
        diagnostics(message("ValidateResourceTypeConfig", response)?.diagnostics)
    }

    /// `UpgradeResourceState`, with state as JSON.
    pub(crate) async fn upgrade(
        &self,
        type_name: &str,
        ty: &Type,
        version: i64,
        stored: Vec<u8>,
    ) -> ClientResult<(Value, Diagnostics)> {
        let raw_state = wire::RawState { json: stored, flatmap: BTreeMap::new() };
        let request = wire::upgrade_resource_state::Request {
            type_name: type_name.to_owned(),
            version,
            raw_state: Some(raw_state),
        };
        let response = self.wire().upgrade_resource_state(request).await;
        let response = message("UpgradeResourceState", response)?;
        Ok((received(response.upgraded_state, ty)?, diagnostics(response.diagnostics)?))
    }

    /// `ReadResource`.
    pub(crate) async fn read(
        &self,
        type_name: &str,
        ty: &Type,
        object: Object,
    ) -> ClientResult<StoredObject> {
        let request = wire::read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: sent(&object.state, ty)?,
            private: object.private,
            client_capabilities: Some(self.capabilities),
            ..Default::default()
        };
        let response = message("ReadResource", self.wire().read_resource(request).await)?;
        not_deferred(response.deferred)?;
        stored_object(response.new_state, response.private, response.diagnostics, ty)
    }

    /// `PlanResourceChange`.
    pub(crate) async fn plan(
        &self,
        type_name: &str,
        ty: &Type,
        request: &PlanRequest,
    ) -> ClientResult<Planned> {
        let request = wire::plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: sent(&request.prior.state, ty)?,
            prior_private: request.prior.private.clone(),
            proposed_new_state: sent(&request.proposed, ty)?,
            config: sent(&request.config, ty)?,
            client_capabilities: Some(self.capabilities),
            ..Default::default()
        };
        let response =
            message("PlanResourceChange", self.wire().plan_resource_change(request).await)?;
        not_deferred(response.deferred)?;
        let state = received(response.planned_state, ty)?;
        Ok(Planned {
            object: Object { state, private: response.planned_private },
            requires_replace: response
                .requires_replace
                .into_iter()
                .map(path)
                .collect::<ClientResult<_>>()?,
            diagnostics: diagnostics(response.diagnostics)?,
        })
    }

    /// `ApplyResourceChange`.
    pub(crate) async fn apply(
        &self,
        type_name: &str,
        ty: &Type,
        request: &ApplyRequest,
    ) -> ClientResult<StoredObject> {
        let request = wire::apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: sent(&request.prior, ty)?,
            planned_state: sent(&request.planned.state, ty)?,
            planned_private: request.planned.private.clone(),
            config: sent(&request.config, ty)?,
            ..Default::default()
        };
        let response = self.wire().apply_resource_change(request).await;
        let response = message("ApplyResourceChange", response)?;
        stored_object(response.new_state, response.private, response.diagnostics, ty)
    }

    /// `ImportResourceState`: the objects that an id stands for, with their types.
    pub(crate) async fn import(
        &self,
        type_name: &str,
        ty: &Type,
        id: &str,
    ) -> ClientResult<(Vec<(String, Object)>, Diagnostics)> {
        let request = wire::import_resource_state::Request {
            type_name: type_name.to_owned(),
            id: id.to_owned(),
            client_capabilities: Some(self.capabilities),
            identity: None,
        };
        let response = self.wire().import_resource_state(request).await;
        let response = message("ImportResourceState", response)?;
        not_deferred(response.deferred)?;
        let imported = response.imported_resources.into_iter().map(|each| {
            let object = Object { state: received(each.state, ty)?, private: each.private };
            Ok((each.type_name, object))
        });
        Ok((imported.collect::<ClientResult<_>>()?, diagnostics(response.diagnostics)?))
    }

    /// `ValidateDataSourceConfig`.
    pub(crate) async fn validate_data(
        &self,
        type_name: &str,
        ty: &Type,
        config: &Value,
    ) -> ClientResult<Diagnostics> {
        let request = wire::validate_data_source_config::Request {
            type_name: type_name.to_owned(),
            config: sent(config, ty)?,
        };
        let response = self.wire().validate_data_source_config(request).await;
        diagnostics(message("ValidateDataSourceConfig", response)?.diagnostics)
    }

    /// `ReadDataSource`.
    pub(crate) async fn read_data(
        &self,
        type_name: &str,
        ty: &Type,
        config: &Value,
    ) -> ClientResult<(Value, Diagnostics)> {
        let request = wire::read_data_source::Request {
            type_name: type_name.to_owned(),
            config: sent(config, ty)?,
            provider_meta: None,
            client_capabilities: Some(self.capabilities),
        };
        let response = message("ReadDataSource", self.wire().read_data_source(request).await)?;
        not_deferred(response.deferred)?;
        Ok((received(response.state, ty)?, diagnostics(response.diagnostics)?))
    }

    /// `Stop`.
    pub(crate) async fn stop(&self) -> ClientResult<()> {
        let response = message("Stop", self.wire().stop(wire::stop::Request {}).await)?;
        if response.error.is_empty() {
            return Ok(());
        }
        Err(Violation::new(format!("Stop failed: {}", response.error)))
    }

    /// Calls share a connection, and each needs a handle of its own.
    fn wire(&self) -> ProviderClient<Channel> {
        self.wire.clone()
    }
}

/// The message of a response. An error of gRPC is a violation, because Terraform would show
/// it as a crash of the plugin.
fn message<T>(rpc: &str, response: Result<Response<T>, Status>) -> ClientResult<T> {
    response.map(Response::into_inner).map_err(|status| {
        Violation::new(format!("{rpc} ended with a gRPC error: {}", status.message()))
    })
}

/// A value as Terraform sends it, in MessagePack.
fn sent(value: &Value, ty: &Type) -> ClientResult<Option<wire::DynamicValue>> {
    let msgpack = msgpack::encode(value, ty)
        .map_err(|error| Violation::new(format!("a value that cannot be sent: {error}")))?;
    Ok(Some(wire::DynamicValue { msgpack, json: Vec::new() }))
}

/// An absent value is null, as it is to Terraform.
fn received(sent: Option<wire::DynamicValue>, ty: &Type) -> ClientResult<Value> {
    let bytes = sent.map(|value| value.msgpack).unwrap_or_default();
    msgpack::decode(&bytes, ty)
        .map_err(|error| Violation::new(format!("a value that does not fit its schema: {error}")))
}

fn stored_object(
    state: Option<wire::DynamicValue>,
    private: Vec<u8>,
    sent: Vec<wire::Diagnostic>,
    ty: &Type,
) -> ClientResult<StoredObject> {
    let object = Object { state: received(state, ty)?, private };
    Ok(StoredObject { object, diagnostics: diagnostics(sent)? })
}

/// This client allows no deferral, so that a deferred response is a violation.
fn not_deferred(deferred: Option<wire::Deferred>) -> ClientResult<()> {
    match deferred {
        None => Ok(()),
        Some(_) => Err(Violation::new("the response is deferred, which the client did not allow")),
    }
}

pub(super) fn diagnostics(sent: Vec<wire::Diagnostic>) -> ClientResult<Diagnostics> {
    sent.into_iter().map(diagnostic).collect()
}

fn diagnostic(sent: wire::Diagnostic) -> ClientResult<Diagnostic> {
    let diagnostic = match sent.severity() {
        wire::diagnostic::Severity::Error => Diagnostic::error(&sent.summary),
        wire::diagnostic::Severity::Warning => Diagnostic::warning(&sent.summary),
        wire::diagnostic::Severity::Invalid => {
            return Err(Violation::new(format!("\"{}\" has no severity", sent.summary)));
        }
    };
    let diagnostic = diagnostic.detail(sent.detail);
    Ok(match sent.attribute {
        Some(place) => diagnostic.at(path(place)?),
        None => diagnostic,
    })
}

fn path(sent: wire::AttributePath) -> ClientResult<Path> {
    let steps = sent.steps.into_iter().map(|step| match step.selector {
        Some(Selector::AttributeName(name)) => Ok(Step::Attribute(name)),
        Some(Selector::ElementKeyString(key)) => Ok(Step::Key(key)),
        Some(Selector::ElementKeyInt(index)) => Ok(Step::Index(index)),
        None => Err(Violation::new("a path with an empty step")),
    });
    steps.collect()
}
