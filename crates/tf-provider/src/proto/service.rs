//! The calls of the `Provider` service that this framework implements: decode, call the
//! server, encode.
//!
//! Terraform shows a gRPC error as a crash of the plugin, so every error is a diagnostic.
//!
//! Source: Terraform plugin protocol 5.10, service `Provider`.

use std::pin::Pin;
use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::diagnostics::{WithDiagnostics, failed};
use super::generated::tfplugin5::{self as wire, provider_server::Provider};
use super::{decode, encode, rpc, unimplemented};
use crate::diagnostics::Result;
use crate::schema::Schema;
use crate::server::{ApplyRequest, DataRead, Object, PlanRequest, Server, StoredObject};
use crate::value::Value;

type RpcResult<T> = std::result::Result<Response<T>, Status>;

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
async fn respond<T: WithDiagnostics>(
    name: &'static str,
    type_name: &str,
    call: impl Future<Output = Result<T>>,
) -> RpcResult<T> {
    let response = rpc::run(name, type_name, call).await.unwrap_or_else(failed);
    Ok(Response::new(response))
}

/// The abilities of every provider that this framework serves.
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
    /// Terraform does not send this; tools that combine several providers into one do.
    async fn get_metadata(
        &self,
        _: Request<wire::get_metadata::Request>,
    ) -> RpcResult<wire::get_metadata::Response> {
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

    /// The first request of a process. Terraform may take the schema from an earlier process
    /// instead, as the capabilities allow, so nothing may depend on this request.
    async fn get_schema(
        &self,
        _: Request<wire::get_provider_schema::Request>,
    ) -> RpcResult<wire::get_provider_schema::Response> {
        let encoded = |(name, each): (&str, &Schema)| (name.to_owned(), encode::schema(each));
        Ok(Response::new(wire::get_provider_schema::Response {
            provider: Some(encode::schema(self.server.provider_schema())),
            resource_schemas: self.resources().map(encoded).collect(),
            data_source_schemas: self.server.data_source_schemas().map(encoded).collect(),
            server_capabilities: capabilities(),
            ..Default::default()
        }))
    }

    /// Validates the provider block. Terraform ignores the configuration in the response, so
    /// it is sent back as it came.
    async fn prepare_provider_config(
        &self,
        request: Request<wire::prepare_provider_config::Request>,
    ) -> RpcResult<wire::prepare_provider_config::Response> {
        let sent = request.into_inner().config;
        respond("PrepareProviderConfig", "", async {
            let ty = self.server.provider_schema().ty();
            let config = decode::value(sent.as_ref(), &ty)?;
            let diagnostics = self.server.validate_provider(&config);
            Ok(wire::prepare_provider_config::Response {
                prepared_config: sent,
                diagnostics: encode::diagnostics(diagnostics),
            })
        })
        .await
    }

    /// Terraform sends it before it plans and applies, but not before it validates, and the
    /// configuration may hold unknown values while planning.
    async fn configure(
        &self,
        request: Request<wire::configure::Request>,
    ) -> RpcResult<wire::configure::Response> {
        let wire::configure::Request { terraform_version, config, .. } = request.into_inner();
        respond("Configure", "", async {
            let ty = self.server.provider_schema().ty();
            let config = decode::value(config.as_ref(), &ty)?;
            let diagnostics = self.server.configure(config, terraform_version).await;
            Ok(wire::configure::Response { diagnostics: encode::diagnostics(diagnostics) })
        })
        .await
    }

    /// Sent to a provider that is not configured, and again before each plan of each object.
    async fn validate_resource_type_config(
        &self,
        request: Request<wire::validate_resource_type_config::Request>,
    ) -> RpcResult<wire::validate_resource_type_config::Response> {
        let wire::validate_resource_type_config::Request { type_name, config, client_capabilities } =
            request.into_inner();
        respond("ValidateResourceTypeConfig", &type_name, async {
            let ty = self.server.resource_schema(&type_name)?.ty();
            let config = decode::value(config.as_ref(), &ty)?;
            let write_only = decode::write_only_allowed(client_capabilities.as_ref());
            let diagnostics = self.server.validate_resource(&type_name, &config, write_only)?;
            Ok(wire::validate_resource_type_config::Response {
                diagnostics: encode::diagnostics(diagnostics),
            })
        })
        .await
    }

    /// Sent for every stored object, also where the versions are equal. A response without a
    /// state would lose the object.
    async fn upgrade_resource_state(
        &self,
        request: Request<wire::upgrade_resource_state::Request>,
    ) -> RpcResult<wire::upgrade_resource_state::Response> {
        let wire::upgrade_resource_state::Request { type_name, version, raw_state } =
            request.into_inner();
        respond("UpgradeResourceState", &type_name, async {
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

    /// A null state says that the object is gone. Private data that is not sent back is lost.
    async fn read_resource(
        &self,
        request: Request<wire::read_resource::Request>,
    ) -> RpcResult<wire::read_resource::Response> {
        let wire::read_resource::Request { type_name, current_state, private, .. } =
            request.into_inner();
        respond("ReadResource", &type_name, async {
            let ty = self.server.resource_schema(&type_name)?.ty();
            let state = decode::value(current_state.as_ref(), &ty)?;
            let StoredObject { object, diagnostics } =
                self.server.read_resource(&type_name, Object { state, private }).await?;
            Ok(wire::read_resource::Response {
                new_state: Some(encode::value(&object.state, &ty)?),
                private: object.private,
                diagnostics: encode::diagnostics(diagnostics),
                ..Default::default()
            })
        })
        .await
    }

    /// Sent twice for a replacement, and again in the apply, so that planning has to give the
    /// same result each time.
    async fn plan_resource_change(
        &self,
        request: Request<wire::plan_resource_change::Request>,
    ) -> RpcResult<wire::plan_resource_change::Response> {
        let request = request.into_inner();
        respond("PlanResourceChange", &request.type_name, async {
            let ty = self.server.resource_schema(&request.type_name)?.ty();
            let plan = PlanRequest {
                prior: Object {
                    state: decode::value(request.prior_state.as_ref(), &ty)?,
                    private: request.prior_private,
                },
                proposed: decode::value(request.proposed_new_state.as_ref(), &ty)?,
                config: decode::value(request.config.as_ref(), &ty)?,
            };
            let planned = self.server.plan_resource(&request.type_name, plan).await?;
            Ok(wire::plan_resource_change::Response {
                planned_state: Some(encode::value(&planned.object.state, &ty)?),
                planned_private: planned.object.private,
                requires_replace: planned.requires_replace.iter().map(encode::path).collect(),
                diagnostics: encode::diagnostics(planned.diagnostics),
                ..Default::default()
            })
        })
        .await
    }

    /// Creates, updates or deletes. Terraform stores the state of a response with errors, too.
    async fn apply_resource_change(
        &self,
        request: Request<wire::apply_resource_change::Request>,
    ) -> RpcResult<wire::apply_resource_change::Response> {
        let request = request.into_inner();
        respond("ApplyResourceChange", &request.type_name, async {
            let ty = self.server.resource_schema(&request.type_name)?.ty();
            let change = ApplyRequest {
                prior: decode::value(request.prior_state.as_ref(), &ty)?,
                planned: Object {
                    state: decode::value(request.planned_state.as_ref(), &ty)?,
                    private: request.planned_private,
                },
                config: decode::value(request.config.as_ref(), &ty)?,
            };
            let StoredObject { object, diagnostics } =
                self.server.apply_resource(&request.type_name, change).await?;
            Ok(wire::apply_resource_change::Response {
                new_state: Some(encode::value(&object.state, &ty)?),
                private: object.private,
                diagnostics: encode::diagnostics(diagnostics),
                ..Default::default()
            })
        })
        .await
    }

    /// Terraform sends `ReadResource` for the imported object next, which has to complete it.
    async fn import_resource_state(
        &self,
        request: Request<wire::import_resource_state::Request>,
    ) -> RpcResult<wire::import_resource_state::Response> {
        let wire::import_resource_state::Request { type_name, id, .. } = request.into_inner();
        respond("ImportResourceState", &type_name, async {
            let ty = self.server.resource_schema(&type_name)?.ty();
            let StoredObject { object, diagnostics } =
                self.server.import_resource(&type_name, id).await?;
            let imported = wire::import_resource_state::ImportedResource {
                type_name: type_name.clone(),
                state: Some(encode::value(&object.state, &ty)?),
                private: object.private,
                ..Default::default()
            };
            Ok(wire::import_resource_state::Response {
                imported_resources: vec![imported],
                diagnostics: encode::diagnostics(diagnostics),
                ..Default::default()
            })
        })
        .await
    }

    /// Sent to a provider that is not configured, and again before each read.
    async fn validate_data_source_config(
        &self,
        request: Request<wire::validate_data_source_config::Request>,
    ) -> RpcResult<wire::validate_data_source_config::Response> {
        let wire::validate_data_source_config::Request { type_name, config } = request.into_inner();
        respond("ValidateDataSourceConfig", &type_name, async {
            let ty = self.server.data_source_schema(&type_name)?.ty();
            let config = decode::value(config.as_ref(), &ty)?;
            let diagnostics = self.server.validate_data_source(&type_name, &config)?;
            Ok(wire::validate_data_source_config::Response {
                diagnostics: encode::diagnostics(diagnostics),
            })
        })
        .await
    }

    /// The state of a deferred read is wholly unknown. Terraform allows a deferral in every
    /// apply, but then refuses it; there the configuration is known, and nothing is deferred.
    async fn read_data_source(
        &self,
        request: Request<wire::read_data_source::Request>,
    ) -> RpcResult<wire::read_data_source::Response> {
        let wire::read_data_source::Request { type_name, config, client_capabilities, .. } =
            request.into_inner();
        respond("ReadDataSource", &type_name, async {
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

    /// Sent while other requests are in flight. The process goes on serving until Terraform
    /// ends it.
    async fn stop(&self, _: Request<wire::stop::Request>) -> RpcResult<wire::stop::Response> {
        self.server.stop();
        Ok(Response::new(wire::stop::Response::default()))
    }

    unimplemented::calls!();
}
