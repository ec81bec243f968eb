//! The calls of the `Provider` service that this framework serves: decode, ask
//! the server, encode.
//!
//! A gRPC error would show as a crash of the plugin, so whatever goes wrong is
//! a diagnostic.
//!
//! Source: Terraform plugin protocol 5.10, service `Provider`.

use std::pin::Pin;
use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::contain::contain;
use super::generated::tfplugin5::{self as wire, provider_server::Provider};
use super::told::{Told, refused};
use super::{decode, encode, unserved};
use crate::diagnostics::Result;
use crate::schema::Schema;
use crate::server::{ApplyRequest, DataRead, Kept, Object, PlanRequest, Server};
use crate::value::Value;

type Answer<T> = std::result::Result<Response<T>, Status>;

/// A stream with one event.
type Only<T> = tokio_stream::Once<std::result::Result<T, Status>>;

pub(super) struct Service {
    server: Arc<Server>,
}

impl Service {
    pub(super) fn new(server: Arc<Server>) -> Self {
        Self { server }
    }

    fn resources(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.server.resource_schemas()
    }
}

/// Runs a call; its errors become an otherwise empty response.
async fn answer<T: Told>(
    rpc: &'static str,
    type_name: &str,
    call: impl Future<Output = Result<T>>,
) -> Answer<T> {
    let response = contain(rpc, type_name, call).await.unwrap_or_else(refused);
    Ok(Response::new(response))
}

/// What every provider served by this framework is able to do.
fn capabilities() -> Option<wire::ServerCapabilities> {
    Some(wire::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: false,
        generate_resource_config: false,
    })
}

#[tonic::async_trait]
impl Provider for Service {
    async fn get_metadata(
        &self,
        _: Request<wire::get_metadata::Request>,
    ) -> Answer<wire::get_metadata::Response> {
        let named = |(name, _): (&str, &Schema)| wire::get_metadata::ResourceMetadata {
            type_name: name.to_owned(),
        };
        let named_data = |(name, _): (&str, &Schema)| wire::get_metadata::DataSourceMetadata {
            type_name: name.to_owned(),
        };
        Ok(Response::new(wire::get_metadata::Response {
            server_capabilities: capabilities(),
            resources: self.resources().map(named).collect(),
            data_sources: self.server.data_source_schemas().map(named_data).collect(),
            ..Default::default()
        }))
    }

    async fn get_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> Answer<wire::get_provider_schema::Response> {
        let encoded = |(name, each): (&str, &Schema)| (name.to_owned(), encode::schema(each));
        Ok(Response::new(wire::get_provider_schema::Response {
            provider: Some(encode::schema(self.server.provider_schema())),
            resource_schemas: self.resources().map(encoded).collect(),
            data_source_schemas: self.server.data_source_schemas().map(encoded).collect(),
            server_capabilities: capabilities(),
            ..Default::default()
        }))
    }

    async fn prepare_provider_config(
        &self,
        request: Request<wire::prepare_provider_config::Request>,
    ) -> Answer<wire::prepare_provider_config::Response> {
        let sent = request.into_inner().config;
        answer("PrepareProviderConfig", "", async {
            let ty = self.server.provider_schema().ty();
            let config = decode::value(sent.as_ref(), &ty)?;
            let told = self.server.validate_provider(&config);
            Ok(wire::prepare_provider_config::Response {
                prepared_config: sent,
                diagnostics: encode::diagnostics(told),
            })
        })
        .await
    }

    async fn configure(
        &self,
        request: Request<wire::configure::Request>,
    ) -> Answer<wire::configure::Response> {
        let wire::configure::Request { terraform_version, config, .. } = request.into_inner();
        answer("Configure", "", async {
            let ty = self.server.provider_schema().ty();
            let config = decode::value(config.as_ref(), &ty)?;
            let told = self.server.configure(config, terraform_version).await;
            Ok(wire::configure::Response { diagnostics: encode::diagnostics(told) })
        })
        .await
    }

    async fn validate_resource_type_config(
        &self,
        request: Request<wire::validate_resource_type_config::Request>,
    ) -> Answer<wire::validate_resource_type_config::Response> {
        let wire::validate_resource_type_config::Request { type_name, config, client_capabilities } =
            request.into_inner();
        answer("ValidateResourceTypeConfig", &type_name, async {
            let ty = self.server.resource_schema(&type_name)?.ty();
            let config = decode::value(config.as_ref(), &ty)?;
            let write_only = decode::write_only_allowed(client_capabilities.as_ref());
            let told = self.server.validate_resource(&type_name, &config, write_only)?;
            Ok(wire::validate_resource_type_config::Response {
                diagnostics: encode::diagnostics(told),
            })
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> Answer<wire::upgrade_resource_state::Response> {
        let wire::upgrade_resource_state::Request { type_name, version, raw_state } =
            request.into_inner();
        answer("UpgradeResourceState", &type_name, async {
            let stored = decode::stored(raw_state.as_ref())?;
            let state = self.server.upgrade_resource(&type_name, version, stored)?;
            let ty = self.server.resource_schema(&type_name)?.ty();
            Ok(wire::upgrade_resource_state::Response {
                upgraded_state: Some(encode::value(&state, &ty)?),
                diagnostics: Vec::new(),
            })
        })
        .await
    }

    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> Answer<wire::read_resource::Response> {
        let wire::read_resource::Request { type_name, current_state, private, .. } =
            request.into_inner();
        answer("ReadResource", &type_name, async {
            let ty = self.server.resource_schema(&type_name)?.ty();
            let state = decode::value(current_state.as_ref(), &ty)?;
            let Kept { object, told } =
                self.server.read_resource(&type_name, Object { state, private }).await?;
            Ok(wire::read_resource::Response {
                new_state: Some(encode::value(&object.state, &ty)?),
                private: object.private,
                diagnostics: encode::diagnostics(told),
                ..Default::default()
            })
        })
        .await
    }

    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> Answer<wire::plan_resource_change::Response> {
        let request = request.into_inner();
        answer("PlanResourceChange", &request.type_name, async {
            let ty = self.server.resource_schema(&request.type_name)?.ty();
            let asked = PlanRequest {
                prior: Object {
                    state: decode::value(request.prior_state.as_ref(), &ty)?,
                    private: request.prior_private,
                },
                proposed: decode::value(request.proposed_new_state.as_ref(), &ty)?,
                config: decode::value(request.config.as_ref(), &ty)?,
            };
            let planned = self.server.plan_resource(&request.type_name, asked).await?;
            Ok(wire::plan_resource_change::Response {
                planned_state: Some(encode::value(&planned.object.state, &ty)?),
                planned_private: planned.object.private,
                requires_replace: planned.requires_replace.iter().map(encode::path).collect(),
                diagnostics: encode::diagnostics(planned.told),
                ..Default::default()
            })
        })
        .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> Answer<wire::apply_resource_change::Response> {
        let request = request.into_inner();
        answer("ApplyResourceChange", &request.type_name, async {
            let ty = self.server.resource_schema(&request.type_name)?.ty();
            let asked = ApplyRequest {
                prior: decode::value(request.prior_state.as_ref(), &ty)?,
                planned: Object {
                    state: decode::value(request.planned_state.as_ref(), &ty)?,
                    private: request.planned_private,
                },
                config: decode::value(request.config.as_ref(), &ty)?,
            };
            let Kept { object, told } =
                self.server.apply_resource(&request.type_name, asked).await?;
            Ok(wire::apply_resource_change::Response {
                new_state: Some(encode::value(&object.state, &ty)?),
                private: object.private,
                diagnostics: encode::diagnostics(told),
                ..Default::default()
            })
        })
        .await
    }

    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> Answer<wire::import_resource_state::Response> {
        let wire::import_resource_state::Request { type_name, id, .. } = request.into_inner();
        answer("ImportResourceState", &type_name, async {
            let ty = self.server.resource_schema(&type_name)?.ty();
            let Kept { object, told } = self.server.import_resource(&type_name, id).await?;
            let imported = wire::import_resource_state::ImportedResource {
                type_name: type_name.clone(),
                state: Some(encode::value(&object.state, &ty)?),
                private: object.private,
                ..Default::default()
            };
            Ok(wire::import_resource_state::Response {
                imported_resources: vec![imported],
                diagnostics: encode::diagnostics(told),
                ..Default::default()
            })
        })
        .await
    }

    async fn validate_data_source_config(
        &self,
        request: Request<wire::validate_data_source_config::Request>,
    ) -> Answer<wire::validate_data_source_config::Response> {
        let wire::validate_data_source_config::Request { type_name, config } = request.into_inner();
        answer("ValidateDataSourceConfig", &type_name, async {
            let ty = self.server.data_source_schema(&type_name)?.ty();
            let config = decode::value(config.as_ref(), &ty)?;
            let found = self.server.validate_data_source(&type_name, &config)?;
            Ok(wire::validate_data_source_config::Response {
                diagnostics: encode::diagnostics(found),
            })
        })
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> Answer<wire::read_data_source::Response> {
        let wire::read_data_source::Request { type_name, config, client_capabilities, .. } =
            request.into_inner();
        answer("ReadDataSource", &type_name, async {
            let ty = self.server.data_source_schema(&type_name)?.ty();
            let config = decode::value(config.as_ref(), &ty)?;
            let deferral_allowed = decode::deferral_allowed(client_capabilities.as_ref());
            let read = self.server.read_data_source(&type_name, config, deferral_allowed).await?;
            let (state, diagnostics, deferred) = match read {
                DataRead::State(state, warnings) => (state, encode::diagnostics(warnings), None),
                DataRead::Deferred => (Value::Unknown, Vec::new(), Some(encode::config_unknown())),
            };
            let state = Some(encode::value(&state, &ty)?);
            Ok(wire::read_data_source::Response { state, diagnostics, deferred })
        })
        .await
    }

    async fn stop(&self, _: Request<wire::stop::Request>) -> Answer<wire::stop::Response> {
        self.server.stop();
        Ok(Response::new(wire::stop::Response::default()))
    }

    unserved::calls!();
}
