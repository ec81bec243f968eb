//! `flink_connection`: what a plan knows before the apply, and the calls.
//!
//! One request per operation in the ordinary case. Which requests are sent again, and
//! what a lost answer means, is the client's business; what drift means is `drift`'s;
//! what a failed call says to the user is `report`'s.

use std::time::{Duration, SystemTime};

use flink_client::{
    CallOptions, Connection, Connections, Filter, NewConnection, Place, Update as NewCredentials,
};
use tf_provider::resource::{Change, Create, Delete, Import, ImportState, Plan, Read, Update};
use tf_provider::schema::{Given, Schema, same_word};
use tf_provider::{Call, Result};

use super::connection_type::ConnectionType;
use super::credential::CREDENTIALS_ARGUMENT;
use super::drift::{Policy, Remembered};
use super::model::Model;
use super::payload::payload;
use super::report;
use super::{check, schema};
use crate::scope::{self, Memory, Noun, Operation, UnconfirmedCreate};
use crate::settings::Settings;

/// How long a plan looks whether a replacement can be created.
const LOOK: Duration = Duration::from_secs(15);

/// The words for a connection in messages.
const NOUN: Noun = Noun { name: "connection", updates: "credentials" };

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
        scope::place(plan).await?;
        plan_credentials(plan);
        plan_replacement(plan).await
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        let (connections, place) = connections(cx, &planned).await?;
        let Some(auth_data) = payload(&planned.kind, &cx.planned()) else {
            return Err(check::creation(&cx.planned()));
        };
        let new = NewConnection {
            name: planned.name.clone(),
            connection_type: ConnectionType::api_name(&planned.kind).to_owned(),
            endpoint: planned.endpoint.clone(),
            auth_data,
        };
        // A replacement begins without the memory of the object before it.
        *cx.private() = Memory::default();
        let begun = SystemTime::now();
        match connections.create(&new).await {
            Ok(connection) => {
                cx.private().own.wrote(&connection, true);
                Ok(with_status_warning(cx, planned.written(connection, &place)))
            }
            Err(error) => {
                if let Some(left) = error.left_behind() {
                    let half_done = planned.clone().written(left.clone(), &place);
                    cx.private().own.wrote(left, false);
                    cx.checkpoint(&half_done)?;
                } else if error.outcome_unknown() {
                    let unseen = planned.clone().written(Connection::default(), &place);
                    let ended = SystemTime::now();
                    cx.private().unconfirmed_create = Some(UnconfirmedCreate { begun, ended });
                    cx.checkpoint(&unseen)?;
                }
                Err(scope::failed(
                    cx.provider(),
                    &NOUN,
                    Operation::Create,
                    (&place, &planned.name),
                    &error,
                ))
            }
        }
    }

    async fn read(&self, state: Model, cx: &mut Read<Self>) -> Result<Option<Model>> {
        cx.private().place_undecided = cx.provider().is_place_undecided();
        if cx.provider().known_client().is_none() && !state.is_imported() {
            cx.warn(report::not_refreshed(&state.name));
            return Ok(Some(state));
        }
        let (mut connections, place) = connections(cx, &state).await?;
        if let Some(stored) = payload(&state.kind, &cx.stored()) {
            connections = connections.hiding(&stored);
        }
        let Memory { own: credentials, unconfirmed_create, .. } = cx.private();
        let found = match unconfirmed_create.take() {
            Some(create) => find_unconfirmed(&connections, &state, create).await,
            None => {
                let is_confirmed = |listed: &Connection| {
                    state.is_confirmed_by(listed) && credentials.is_confirmed_by(listed)
                };
                connections.refresh(&state.name, is_confirmed).await
            }
        };
        let found = found.map_err(|error| {
            scope::failed(cx.provider(), &NOUN, Operation::Read, (&place, &state.name), &error)
        })?;
        let Some(connection) = found else {
            return Ok(None);
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
        let Change { before, after } = change;
        let (connections, place) = connections(cx, &after).await?;
        let Some(auth_data) = payload(&after.kind, &cx.planned()) else {
            return keep_credentials(before, after, cx);
        };
        let update = NewCredentials {
            name: after.name.clone(),
            connection_type: ConnectionType::api_name(&after.kind).to_owned(),
            endpoint: after.endpoint.clone(),
            auth_data,
            resource_version: cx.private().own.resource_version().map(str::to_owned),
        };
        match connections.update(&update).await {
            Ok(connection) => {
                cx.private().own.wrote(&connection, true);
                Ok(with_status_warning(cx, after.written(connection, &place)))
            }
            Err(error) => {
                if error.outcome_unknown() {
                    cx.private().own.may_have_written();
                    cx.checkpoint(&before)?;
                }
                Err(scope::failed(
                    cx.provider(),
                    &NOUN,
                    Operation::Update,
                    (&place, &after.name),
                    &error,
                ))
            }
        }
    }

    async fn delete(&self, state: Model, cx: &mut Delete<Self>) -> Result<()> {
        let (mut connections, place) = connections(cx, &state).await?;
        if let Some(stored) = payload(&state.kind, &cx.stored()) {
            connections = connections.hiding(&stored);
        }
        let unconfirmed = cx.private().unconfirmed_create;
        let settings = cx.provider();
        let failed = |error| {
            scope::failed(settings, &NOUN, Operation::Delete, (&place, &state.name), &error)
        };
        if let Some(create) = unconfirmed {
            let found = find_unconfirmed(&connections, &state, create).await.map_err(failed)?;
            if found.is_none() {
                return Ok(());
            }
        }
        connections.delete(&state.name).await.map_err(failed)
    }

    async fn import(&self, id: String, cx: &mut Import<Self>) -> Result<ImportState> {
        scope::import(cx.provider(), &NOUN, &id).await
    }
}

/// New objects need credentials.
fn plan_creation(plan: &Plan<Resource>) -> Result<()> {
    let lacking = check::creation(&plan.planned());
    if lacking.has_errors() { Err(lacking) } else { Ok(()) }
}

/// New names are better such as the API documents.
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

/// A replacement deletes before it creates, so what would refuse the new object has to
/// be met before: a name that is taken, and a place that the service does not know or
/// does not serve with these credentials.
async fn plan_replacement(plan: &mut Plan<Resource>) -> Result<()> {
    let from = plan.prior().and_then(|prior| scope::whereabouts(&prior));
    let (Some(from), Some(to)) = (from, scope::whereabouts(&plan.planned())) else { return Ok(()) };
    let settings = plan.provider();
    let Some(client) = settings.known_client().filter(|_| from != to) else { return Ok(()) };
    let patience = CallOptions::at_most(LOOK).cancelled_by(plan.cancelled().clone());
    let (place, name) = to;
    let connections = client.connections(&place).within(patience);
    let refused =
        |error| scope::failed(settings, &NOUN, Operation::PlanReplacement, (&place, &name), &error);
    if connections.find(&name).await.map_err(refused)?.is_some() {
        return Err(scope::name_is_taken(&NOUN, &place, &name).into());
    }
    if from.0 == place {
        return Ok(());
    }
    // An object that is absent does not say whether its place exists; a list does.
    match connections.list(&Filter::default()).next_page().await {
        Err(error) if matches!(error.status(), Some(400 | 404)) => Err(refused(error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// An update without credentials to send: the service keeps those it has.
fn keep_credentials(before: Model, after: Model, cx: &mut Update<Resource>) -> Result<Model> {
    cx.private().own.forget_credentials();
    cx.warn(report::keeps_credentials(&after.name));
    Ok(after.unchanged_at_service(before))
}

/// Finds the object left by an unconfirmed create. Never returns someone else's.
async fn find_unconfirmed(
    connections: &Connections,
    state: &Model,
    create: UnconfirmedCreate,
) -> flink_client::Result<Option<Connection>> {
    let ago = create.ago(SystemTime::now());
    let ty = ConnectionType::api_name(&state.kind);
    connections.find_lost(&state.name, ty, &state.endpoint, ago).await
}

async fn connections(call: &Call<Settings>, model: &Model) -> Result<(Connections, Place)> {
    let settings = call.provider();
    let place = model.scope.place(settings).await?;
    let patience = CallOptions { deadline: call.deadline(), cancelled: call.cancelled().clone() };
    Ok((settings.client()?.connections(&place).within(patience), place))
}

/// Warns of a status that says that the connection does not work.
fn with_status_warning(call: &mut Call<Settings>, model: Model) -> Model {
    if let Some(warning) = report::status(&model) {
        call.warn(warning);
    }
    model
}
