//! The other end of the wire: what Terraform does with the provider's service.
//!
//! Built for tests only. It asks, and gives the answers as values, schemas and
//! diagnostics; what a rule makes of them is decided elsewhere. An answer that
//! Terraform could not use at all is a [`Violation`].
//!
//! Source: Terraform plugin protocol 5.10, service `Provider`.

mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use tonic::transport::{Channel, Endpoint};
use tonic::{Response, Status};

pub(crate) use self::shape::{Attribute, Body, Nested, Shape};
use super::LARGEST_MESSAGE;
use super::generated::tfplugin5 as wire;
use super::generated::tfplugin5::attribute_path::step::Selector;
use super::generated::tfplugin5::provider_client::ProviderClient;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::server::{ApplyRequest, Kept, Object, PlanRequest, Planned};
use crate::value::{Path, Step, Type, Value, msgpack};

/// What every call ends with.
pub(crate) type Answer<T> = Result<T, Violation>;

/// A breach of the protocol: Terraform would call it a failure of the plugin.
#[derive(Debug)]
pub(crate) struct Violation(String);

impl Violation {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything a provider says it serves.
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
    pub(crate) async fn connect(address: SocketAddr) -> Answer<Self> {
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

    /// The same connection, as a client that knows no write-only arguments.
    pub(crate) fn without_write_only(mut self) -> Self {
        self.capabilities.write_only_attributes_allowed = false;
        self
    }

    /// `GetSchema`.
    pub(crate) async fn shapes(&self) -> Answer<Shapes> {
        let asked = wire::get_provider_schema::Request {};
        let answer = answered("GetSchema", self.wire().get_schema(asked).await)?;
        let shaped = |(name, schema)| Ok((name, Shape::read(Some(schema))?));
        Ok(Shapes {
            provider: Shape::read(answer.provider)?,
            resources: answer.resource_schemas.into_iter().map(shaped).collect::<Answer<_>>()?,
            data_sources: answer
                .data_source_schemas
                .into_iter()
                .map(shaped)
                .collect::<Answer<_>>()?,
        })
    }

    /// `PrepareProviderConfig`.
    pub(crate) async fn prepare(&self, ty: &Type, config: &Value) -> Answer<Diagnostics> {
        let asked = wire::prepare_provider_config::Request { config: sent(config, ty)? };
        let answer =
            answered("PrepareProviderConfig", self.wire().prepare_provider_config(asked).await)?;
        told(answer.diagnostics)
    }

    /// `Configure`.
    pub(crate) async fn configure(&self, ty: &Type, config: &Value) -> Answer<Diagnostics> {
        let asked = wire::configure::Request {
            terraform_version: "1.14.0".to_owned(),
            config: sent(config, ty)?,
            client_capabilities: Some(self.capabilities),
        };
        told(answered("Configure", self.wire().configure(asked).await)?.diagnostics)
    }

    /// `ValidateResourceTypeConfig`.
    pub(crate) async fn validate(
        &self,
        type_name: &str,
        ty: &Type,
        config: &Value,
    ) -> Answer<Diagnostics> {
        let asked = wire::validate_resource_type_config::Request {
            type_name: type_name.to_owned(),
            config: sent(config, ty)?,
            client_capabilities: Some(self.capabilities),
        };
        let answer = self.wire().validate_resource_type_config(asked).await;
        told(answered("ValidateResourceTypeConfig", answer)?.diagnostics)
    }

    /// `UpgradeResourceState`, with state as JSON.
    pub(crate) async fn upgrade(
        &self,
        type_name: &str,
        ty: &Type,
        version: i64,
        stored: Vec<u8>,
    ) -> Answer<(Value, Diagnostics)> {
        let raw_state = wire::RawState { json: stored, flatmap: BTreeMap::new() };
        let asked = wire::upgrade_resource_state::Request {
            type_name: type_name.to_owned(),
            version,
            raw_state: Some(raw_state),
        };
        let answer = self.wire().upgrade_resource_state(asked).await;
        let answer = answered("UpgradeResourceState", answer)?;
        Ok((received(answer.upgraded_state, ty)?, told(answer.diagnostics)?))
    }

    /// `ReadResource`.
    pub(crate) async fn read(&self, type_name: &str, ty: &Type, object: Object) -> Answer<Kept> {
        let asked = wire::read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: sent(&object.state, ty)?,
            private: object.private,
            client_capabilities: Some(self.capabilities),
            ..Default::default()
        };
        let answer = answered("ReadResource", self.wire().read_resource(asked).await)?;
        undeferred(answer.deferred)?;
        kept(answer.new_state, answer.private, answer.diagnostics, ty)
    }

    /// `PlanResourceChange`.
    pub(crate) async fn plan(
        &self,
        type_name: &str,
        ty: &Type,
        asked: &PlanRequest,
    ) -> Answer<Planned> {
        let asked = wire::plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: sent(&asked.prior.state, ty)?,
            prior_private: asked.prior.private.clone(),
            proposed_new_state: sent(&asked.proposed, ty)?,
            config: sent(&asked.config, ty)?,
            client_capabilities: Some(self.capabilities),
            ..Default::default()
        };
        let answer = answered("PlanResourceChange", self.wire().plan_resource_change(asked).await)?;
        undeferred(answer.deferred)?;
        let state = received(answer.planned_state, ty)?;
        Ok(Planned {
            object: Object { state, private: answer.planned_private },
            requires_replace: answer
                .requires_replace
                .into_iter()
                .map(path)
                .collect::<Answer<_>>()?,
            told: told(answer.diagnostics)?,
        })
    }

    /// `ApplyResourceChange`.
    pub(crate) async fn apply(
        &self,
        type_name: &str,
        ty: &Type,
        asked: &ApplyRequest,
    ) -> Answer<Kept> {
        let asked = wire::apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: sent(&asked.prior, ty)?,
            planned_state: sent(&asked.planned.state, ty)?,
            planned_private: asked.planned.private.clone(),
            config: sent(&asked.config, ty)?,
            ..Default::default()
        };
        let answer = self.wire().apply_resource_change(asked).await;
        let answer = answered("ApplyResourceChange", answer)?;
        kept(answer.new_state, answer.private, answer.diagnostics, ty)
    }

    /// `ImportResourceState`: the objects an id stands for, with the types they
    /// are said to have.
    pub(crate) async fn import(
        &self,
        type_name: &str,
        ty: &Type,
        id: &str,
    ) -> Answer<(Vec<(String, Object)>, Diagnostics)> {
        let asked = wire::import_resource_state::Request {
            type_name: type_name.to_owned(),
            id: id.to_owned(),
            client_capabilities: Some(self.capabilities),
            identity: None,
        };
        let answer = self.wire().import_resource_state(asked).await;
        let answer = answered("ImportResourceState", answer)?;
        undeferred(answer.deferred)?;
        let imported = answer.imported_resources.into_iter().map(|each| {
            let object = Object { state: received(each.state, ty)?, private: each.private };
            Ok((each.type_name, object))
        });
        Ok((imported.collect::<Answer<_>>()?, told(answer.diagnostics)?))
    }

    /// `ValidateDataSourceConfig`.
    pub(crate) async fn validate_data(
        &self,
        type_name: &str,
        ty: &Type,
        config: &Value,
    ) -> Answer<Diagnostics> {
        let asked = wire::validate_data_source_config::Request {
            type_name: type_name.to_owned(),
            config: sent(config, ty)?,
        };
        let answer = self.wire().validate_data_source_config(asked).await;
        told(answered("ValidateDataSourceConfig", answer)?.diagnostics)
    }

    /// `ReadDataSource`.
    pub(crate) async fn read_data(
        &self,
        type_name: &str,
        ty: &Type,
        config: &Value,
    ) -> Answer<(Value, Diagnostics)> {
        let asked = wire::read_data_source::Request {
            type_name: type_name.to_owned(),
            config: sent(config, ty)?,
            provider_meta: None,
            client_capabilities: Some(self.capabilities),
        };
        let answer = answered("ReadDataSource", self.wire().read_data_source(asked).await)?;
        undeferred(answer.deferred)?;
        Ok((received(answer.state, ty)?, told(answer.diagnostics)?))
    }

    /// `Stop`.
    pub(crate) async fn stop(&self) -> Answer<()> {
        let answer = answered("Stop", self.wire().stop(wire::stop::Request {}).await)?;
        if answer.error.is_empty() {
            return Ok(());
        }
        Err(Violation::new(format!("Stop failed: {}", answer.error)))
    }

    /// Calls share a connection, and each needs a handle of its own.
    fn wire(&self) -> ProviderClient<Channel> {
        self.wire.clone()
    }
}

fn answered<T>(rpc: &str, answer: Result<Response<T>, Status>) -> Answer<T> {
    answer.map(Response::into_inner).map_err(|status| {
        Violation::new(format!("{rpc} ended with a gRPC error: {}", status.message()))
    })
}

fn sent(value: &Value, ty: &Type) -> Answer<Option<wire::DynamicValue>> {
    let msgpack = msgpack::encode(value, ty)
        .map_err(|error| Violation::new(format!("a value that cannot be sent: {error}")))?;
    Ok(Some(wire::DynamicValue { msgpack, json: Vec::new() }))
}

/// An absent value is null, as it is to Terraform.
fn received(answer: Option<wire::DynamicValue>, ty: &Type) -> Answer<Value> {
    let bytes = answer.map(|value| value.msgpack).unwrap_or_default();
    msgpack::decode(&bytes, ty)
        .map_err(|error| Violation::new(format!("a value that does not fit its schema: {error}")))
}

fn kept(
    state: Option<wire::DynamicValue>,
    private: Vec<u8>,
    diagnostics: Vec<wire::Diagnostic>,
    ty: &Type,
) -> Answer<Kept> {
    let object = Object { state: received(state, ty)?, private };
    Ok(Kept { object, told: told(diagnostics)? })
}

fn undeferred(deferred: Option<wire::Deferred>) -> Answer<()> {
    match deferred {
        None => Ok(()),
        Some(_) => Err(Violation::new("the answer is put off, which the client did not allow")),
    }
}

pub(super) fn told(diagnostics: Vec<wire::Diagnostic>) -> Answer<Diagnostics> {
    diagnostics.into_iter().map(diagnostic).collect()
}

fn diagnostic(sent: wire::Diagnostic) -> Answer<Diagnostic> {
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

fn path(sent: wire::AttributePath) -> Answer<Path> {
    let steps = sent.steps.into_iter().map(|step| match step.selector {
        Some(Selector::AttributeName(name)) => Ok(Step::Attribute(name)),
        Some(Selector::ElementKeyString(key)) => Ok(Step::Key(key)),
        Some(Selector::ElementKeyInt(index)) => Ok(Step::Index(index)),
        None => Err(Violation::new("a path with an empty step")),
    });
    steps.collect()
}
