//! `flink_connection`: what a plan knows before the apply, and the calls.
//!
//! One request per operation in the ordinary case. Which requests are sent again, and
//! what a lost answer means, is the client's business; what drift means is `drift`'s;
//! what a failed call says to the user is `report`'s.

use std::ops::Not;
use std::time::{Duration, SystemTime};

use flink_client::{AuthData, CallOptions, Connection, ConnectionSpec, Connections, Filter, Place};
use serde::{Deserialize, Serialize};
use tf_provider::Result;
use tf_provider::resource::{
    Call, Change, Create, Delete, Import, ImportState, Plan, Read, Update,
};
use tf_provider::schema::{Given, Schema, View, same_word};

use super::connection_type::ConnectionType;
use super::drift::{Policy, Remembered};
use super::import::Id;
use super::model::{self, Model};
use super::payload::payload;
use super::report::{self, Operation};
use super::schema::CREDENTIALS_ARGUMENT;
use super::unconfirmed::UnconfirmedCreate;
use super::{check, schema};
use crate::scope::{PARTS, not_said};
use crate::settings::Settings;

/// How long a plan looks whether a replacement can be created.
const LOOK: Duration = Duration::from_secs(15);

/// The resource `flink_connection`.
#[derive(Debug)]
pub(crate) struct Resource;

/// What is remembered of a connection, in private state.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Memory {
    #[serde(flatten)]
    credentials: Remembered,
    /// At the last refresh a part of the place that the provider's settings say
    /// was not known yet, so that plan left the object where it is. The plan
    /// that Terraform makes again before it applies has to do the same.
    #[serde(skip_serializing_if = "Not::not")]
    place_undecided: bool,
    /// The outcome of the create request is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    unconfirmed_create: Option<UnconfirmedCreate>,
}

impl tf_provider::Resource for Resource {
    type Provider = Settings;
    type Model = Model;
    type Private = Memory;

    fn schema(&self) -> Schema {
        schema::schema()
    }

    async fn plan(&self, plan: &mut Plan<Self>) -> Result<()> {
        if plan.prior().is_none() {
            plan_creation(plan)?;
        }
        plan_name(plan);
        plan_place(plan).await?;
        plan_id(plan);
        plan_credentials(plan);
        plan_replacement(plan).await
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        let (connections, place) = connections(cx, &planned).await?;
        let Some(auth_data) = payload(&planned.kind, &cx.planned()) else {
            return Err(check::creation(&cx.planned()));
        };
        let spec = spec(&planned, auth_data);
        // A replacement begins without the memory of the object before it.
        *cx.private() = Memory::default();
        let begun = SystemTime::now();
        match connections.create(&spec).await {
            Ok(connection) => {
                cx.private().credentials.wrote(&connection, true);
                Ok(with_status_warning(cx, planned.written(connection, place)))
            }
            Err(error) => {
                if let Some(left) = error.left_behind::<Connection>() {
                    let half_done = planned.clone().written(left.clone(), place.clone());
                    cx.private().credentials.wrote(left, false);
                    cx.checkpoint(&half_done)?;
                } else if error.outcome_unknown() {
                    let unseen = planned.clone().written(Connection::default(), place.clone());
                    let ended = SystemTime::now();
                    cx.private().unconfirmed_create = Some(UnconfirmedCreate { begun, ended });
                    cx.checkpoint(&unseen)?;
                }
                Err(report::failed(cx.provider(), Operation::Create, &planned.name, &place, &error))
            }
        }
    }

    async fn read(&self, state: Model, cx: &mut Read<Self>) -> Result<Option<Model>> {
        cx.private().place_undecided = cx.provider().scope().is_undecided();
        if cx.provider().known_client().is_none() && !state.is_imported() {
            cx.warn(report::not_refreshed(&state.name));
            return Ok(Some(state));
        }
        let (mut connections, place) = connections(cx, &state).await?;
        if let Some(stored) = payload(&state.kind, &cx.stored()) {
            connections = connections.hiding(stored.secrets());
        }
        let Memory { credentials, unconfirmed_create, .. } = cx.private();
        let found = match unconfirmed_create.take() {
            Some(create) => find_unconfirmed(&connections, &state, create).await,
            None => {
                let known = state.known(credentials.revision());
                connections.refresh(&state.name, &known).await
            }
        };
        let found = found.map_err(|error| {
            report::failed(cx.provider(), Operation::Read, &state.name, &place, &error)
        })?;
        let Some(connection) = found else {
            return Ok(None);
        };
        // Also where type or endpoint are others now: the configuration may have
        // followed them, and then nothing but this reports a change of credentials.
        let verdict = cx.private().credentials.judge(&connection, state.credential_drift);
        if let Some(warning) = report::drift(&verdict, &state.name) {
            cx.warn(warning);
        }
        Ok(Some(with_status_warning(cx, state.found(connection, place))))
    }

    async fn update(&self, change: Change<Model>, cx: &mut Update<Self>) -> Result<Model> {
        let Change { before, after } = change;
        let (connections, place) = connections(cx, &after).await?;
        let Some(auth_data) = payload(&after.kind, &cx.planned()) else {
            return keep_credentials(before, after, cx);
        };
        let version = cx.private().credentials.resource_version().map(str::to_owned);
        match connections.update(&spec(&after, auth_data), version.as_deref()).await {
            Ok(connection) => {
                cx.private().credentials.wrote(&connection, true);
                Ok(with_status_warning(cx, after.written(connection, place)))
            }
            Err(error) => {
                if error.outcome_unknown() {
                    cx.private().credentials.may_have_written();
                    cx.checkpoint(&before)?;
                }
                Err(report::failed(cx.provider(), Operation::Update, &after.name, &place, &error))
            }
        }
    }

    async fn delete(&self, state: Model, cx: &mut Delete<Self>) -> Result<()> {
        let (mut connections, place) = connections(cx, &state).await?;
        if let Some(stored) = payload(&state.kind, &cx.stored()) {
            connections = connections.hiding(stored.secrets());
        }
        let unconfirmed = cx.private().unconfirmed_create;
        let settings = cx.provider();
        let failed =
            |error| report::failed(settings, Operation::Delete, &state.name, &place, &error);
        if let Some(create) = unconfirmed {
            let found = find_unconfirmed(&connections, &state, create).await.map_err(failed)?;
            if found.is_none() {
                return Ok(());
            }
        }
        connections.delete(&state.name).await.map_err(failed)
    }

    async fn import(&self, id: String, cx: &mut Import<Self>) -> Result<ImportState> {
        let id = Id::parse(&id)?;
        let place = [&id.organization, &id.environment, &id.cloud, &id.region];
        let place = cx.provider().place(place.map(|part| part.as_deref())).await?;
        Ok(ImportState::new()
            .set("name", id.name)
            .set("organization_id", place.organization)
            .set("environment_id", place.environment)
            .set("cloud", place.cloud)
            .set("region", place.region))
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

/// Fills in the place where only the provider's settings say it. An existing
/// object whose settings are not known yet stays where it is.
async fn plan_place(plan: &mut Plan<Resource>) -> Result<()> {
    let defaults: Vec<_> =
        plan.provider().scope().defaults().map(|(part, default)| (part, default.clone())).collect();
    for (part, default) in defaults {
        if !plan.config().get(part.attribute).is_null() {
            continue;
        }
        let stored =
            plan.prior().and_then(|prior| prior.text(part.attribute).known().map(str::to_owned));
        match (default, stored) {
            (_, Some(_)) if plan.private().place_undecided => {}
            (Given::Known(default), Some(stored)) if part.is_same(&stored, &default) => {}
            (Given::Known(default), _) => plan.set(part.attribute, default),
            (Given::Null, None) => {
                let found = match part.is_organization() {
                    true => plan.provider().only_organization().await.map(str::to_owned),
                    false => None,
                };
                let found = found.ok_or_else(|| not_said(part))?;
                plan.set(part.attribute, found);
            }
            (Given::Null | Given::Unknown, _) => {}
        }
    }
    Ok(())
}

/// The id is known as soon as all of its parts are.
fn plan_id(plan: &mut Plan<Resource>) {
    if let Some((place, name)) = whereabouts(&plan.planned()) {
        plan.set("id", model::id(&place, &name));
    }
}

/// The place and the name of an object, where all of them are known.
fn whereabouts(object: &View<'_>) -> Option<(Place, String)> {
    let part = |attribute| object.text(attribute).known().map(str::to_owned);
    let [organization, environment, cloud, region] = PARTS.each_ref().map(|part| part.attribute);
    let place = Place {
        organization: part(organization)?,
        environment: part(environment)?,
        cloud: part(cloud)?.to_ascii_lowercase(),
        region: part(region)?,
    };
    Some((place, part("name")?))
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
    let memory = &plan.private().credentials;
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
    whereabouts(&prior) == whereabouts(&planned)
        && both("endpoint").is_some_and(|(prior, planned)| prior == planned)
        && both("type").is_some_and(|(prior, planned)| same_word(prior, planned))
}

/// A replacement deletes before it creates, so what would refuse the new object has to
/// be met before: a name that is taken, and a place that the service does not know or
/// does not serve with these credentials.
async fn plan_replacement(plan: &mut Plan<Resource>) -> Result<()> {
    let from = plan.prior().and_then(|prior| whereabouts(&prior));
    let (Some(from), Some(to)) = (from, whereabouts(&plan.planned())) else { return Ok(()) };
    let settings = plan.provider();
    let Some(client) = settings.known_client().filter(|_| from != to) else { return Ok(()) };
    let patience = CallOptions::at_most(LOOK).cancelled_by(plan.cancelled().clone());
    let (place, name) = to;
    let connections = client.connections(&place).within(patience);
    let refused =
        |error| report::failed(settings, Operation::PlanReplacement, &name, &place, &error);
    if connections.find(&name).await.map_err(refused)?.is_some() {
        return Err(report::name_is_taken(&place, &name).into());
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
    cx.private().credentials.forget_credentials();
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
    let wanted = Connection::named(&state.name, ty, &state.endpoint);
    connections.find_unconfirmed(&wanted, ago).await
}

/// The connection as the plan wants it at the service.
fn spec(planned: &Model, auth_data: AuthData) -> ConnectionSpec {
    ConnectionSpec {
        name: planned.name.clone(),
        connection_type: ConnectionType::api_name(&planned.kind).to_owned(),
        endpoint: planned.endpoint.clone(),
        auth_data,
    }
}

async fn connections(call: &Call<Resource>, model: &Model) -> Result<(Connections, Place)> {
    let settings = call.provider();
    let place = settings.place(model.place()).await?;
    let patience = CallOptions { deadline: call.deadline(), cancelled: call.cancelled().clone() };
    Ok((settings.client()?.connections(&place).within(patience), place))
}

/// Warns of a status that says that the connection does not work.
fn with_status_warning(call: &mut Call<Resource>, model: Model) -> Model {
    if let Some(warning) = report::status(&model) {
        call.warn(warning);
    }
    model
}
