//! `flink_connection`: what a plan decides before an apply, and what a connection adds to
//! the life that all objects with a place share.
//!
//! The meaning of drift is in `drift`, the request's credentials are made in `payload`,
//! and the texts for users are in `report`.

use flink_client::{ConnectionSpec, KnownConnection};
use tf_provider::resource::{Change, Create, Delete, Import, ImportState, Plan, Read, Update};
use tf_provider::schema::{Given, Schema, View, same_word};
use tf_provider::{Call, Result};

use super::connection_type::ConnectionType;
use super::credential::CREDENTIALS_ARGUMENT;
use super::drift::{Policy, Remembered};
use super::model::Model;
use super::payload::payload;
use super::report;
use super::{WORDS, check, schema};
use crate::scope::{self, Memory, Refresh};
use crate::settings::Settings;

/// The resource `flink_connection`.
#[derive(Debug)]
pub(crate) struct Resource;

impl tf_provider::Resource for Resource {
    type Provider = Settings;
    type Model = Model;
    type Private = Memory<Remembered>;

    fn schema(&self) -> Schema {
        schema::schema()
    }

    async fn plan(&self, plan: &mut Plan<Self>) -> Result<()> {
        if plan.prior().is_none() {
            plan_creation(plan)?;
        }
        plan_name(plan);
        scope::plan_place(plan).await?;
        plan_credentials(plan);
        scope::plan_replacement(plan).await
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        let Some(spec) = spec(&planned, &cx.planned()) else {
            return Err(check::creation(&cx.planned()));
        };
        let created = scope::create(cx, planned, &spec).await?;
        Ok(with_status_warning(cx, created))
    }

    async fn read(&self, state: Model, cx: &mut Read<Self>) -> Result<Option<Model>> {
        let secrets = payload(&state.kind, &cx.stored()).map(|payload| payload.secrets());
        let known = known(&state, &cx.private().own);
        let refreshed = scope::refresh(cx, &state, &known, secrets.unwrap_or_default()).await?;
        let (connection, place) = match refreshed {
            Refresh::NotConfigured => return Ok(Some(state)),
            Refresh::Gone => return Ok(None),
            Refresh::Found(connection, place) => (connection, place),
        };
        // Also where type or endpoint are others now: the configuration may have
        // followed them, and then nothing but this reports a change of credentials.
        let verdict = cx.private().own.judge(&connection, state.credential_drift);
        if let Some(warning) = report::drift(&verdict, &state.name) {
            cx.warn(warning);
        }
        Ok(Some(with_status_warning(cx, state.found(connection, &place))))
    }

    async fn update(&self, change: Change<Model>, cx: &mut Update<Self>) -> Result<Model> {
        let Some(spec) = spec(&change.after, &cx.planned()) else {
            return keep_credentials(change, cx);
        };
        let updated = scope::update(cx, change, &spec).await?;
        Ok(with_status_warning(cx, updated))
    }

    async fn delete(&self, state: Model, cx: &mut Delete<Self>) -> Result<()> {
        let secrets = payload(&state.kind, &cx.stored()).map(|payload| payload.secrets());
        scope::delete(cx, &state, secrets.unwrap_or_default()).await
    }

    async fn import(&self, id: String, cx: &mut Import<Self>) -> Result<ImportState> {
        scope::import(cx.provider(), &WORDS, &id).await
    }
}

/// Refuses a new connection without credentials.
fn plan_creation(plan: &Plan<Resource>) -> Result<()> {
    let lacking = check::creation(&plan.planned());
    if lacking.has_errors() { Err(lacking) } else { Ok(()) }
}

/// Warns of a new name of a form that the API does not document.
fn plan_name(plan: &mut Plan<Resource>) {
    let stored = plan.prior().and_then(|prior| prior.text("name").known().map(str::to_owned));
    if let Given::Known(name) = plan.planned().text("name")
        && stored.is_none_or(|stored| stored != name)
        && !schema::is_documented_name(name)
    {
        plan.warn(report::unusual_name());
    }
}

/// Sends credentials again where no attribute shows that it is needed: after a third
/// party changed them, and where write-only ones were never sent.
fn plan_credentials(plan: &mut Plan<Resource>) {
    if !stays_the_same_object(plan) {
        return;
    }
    let planned = plan.planned();
    let credentials = planned.entries(CREDENTIALS_ARGUMENT);
    if credentials.is_empty() {
        return;
    }
    let uses_write_only = credentials.uses_write_only();
    // The policy that is configured now, not the one of the last apply.
    let repairs = planned.text("credential_drift") == Given::Known(Policy::REPAIR);
    let name = planned.text("name").known().unwrap_or_default().to_owned();
    let memory = &plan.private().own;
    let to_repair = repairs && memory.is_to_repair();
    let never_sent = uses_write_only && !memory.has_sent_credentials();
    if to_repair {
        plan.warn(report::repair(&name));
    }
    if to_repair || never_sent {
        plan.touch();
    }
}

/// Returns true if the object exists and is not replaced.
fn stays_the_same_object(plan: &Plan<Resource>) -> bool {
    let Some(prior) = plan.prior() else { return false };
    let planned = plan.planned();
    let both = |name| prior.text(name).known().zip(planned.text(name).known());
    scope::whereabouts(&prior) == scope::whereabouts(&planned)
        && both("endpoint").is_some_and(|(prior, planned)| prior == planned)
        && both("type").is_some_and(|(prior, planned)| same_word(prior, planned))
}

/// The content of a write; `None` where there are no credentials to send.
fn spec(model: &Model, values: &View<'_>) -> Option<ConnectionSpec> {
    Some(ConnectionSpec {
        name: model.name.clone(),
        connection_type: ConnectionType::api_name(&model.kind).to_owned(),
        endpoint: model.endpoint.clone(),
        auth_data: payload(&model.kind, values)?,
    })
}

/// The knowledge of a connection that a list has to confirm.
fn known(state: &Model, memory: &Remembered) -> KnownConnection {
    let imported = state.scope.is_imported();
    let unless_imported = |text: &str| (!imported).then(|| text.to_owned());
    KnownConnection {
        connection_type: unless_imported(ConnectionType::api_name(&state.kind)),
        endpoint: unless_imported(&state.endpoint),
        revision: memory.revision().cloned(),
        has_uid: state.uid.is_some(),
        has_phase: state.status.is_some(),
    }
}

/// An update without credentials to send: the service keeps those it has.
fn keep_credentials(change: Change<Model>, cx: &mut Update<Resource>) -> Result<Model> {
    let Change { before, after } = change;
    cx.private().own.forget_credentials();
    cx.warn(report::keeps_credentials(&after.name));
    Ok(after.unchanged_at_service(before))
}

/// Warns of a status that says that the connection does not work.
fn with_status_warning(call: &mut Call<Settings>, model: Model) -> Model {
    if let Some(warning) = report::status(&model) {
        call.warn(warning);
    }
    model
}
