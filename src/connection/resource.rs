//! `flink_connection`: what a plan knows before the apply, and the calls.
//!
//! One request per operation in the ordinary case. Which requests are sent
//! again, and what a lost answer means, is the client's business; what drift
//! means is `drift`'s.

use std::ops::Not;
use std::time::SystemTime;

use flink_client::{
    Connection, Connections, Error, NewConnection, Patience, Place, Update as NewCredentials,
};
use serde::{Deserialize, Serialize};
use tf_provider::resource::{Call, Change, Create, Delete, Import, Plan, Read, Stub, Update};
use tf_provider::schema::{Given, Schema};
use tf_provider::{Diagnostic, Result};

use super::drift::{Policy, Remembered, Verdict};
use super::import::Id;
use super::kind::Kind;
use super::lost::Lost;
use super::model::{self, Model};
use super::payload::{is_any_given, is_write_only_used, payload};
use super::schema::TIMEOUT_MINUTES;
use super::{check, schema};
use crate::scope::{PARTS, not_said};
use crate::settings::Settings;

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
    /// It is not known whether the creation has made anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<Lost>,
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
            let lacking = check::creation(&plan.config());
            if lacking.has_errors() {
                return Err(lacking);
            }
        }
        plan_place(plan).await?;
        plan_id(plan);
        plan_credentials(plan);
        Ok(())
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        let (connections, place) = connections(cx, &planned).await?;
        let Some(auth_data) = payload(&planned.kind, &cx.config()) else {
            return Err(check::creation(&cx.config()));
        };
        let new = NewConnection {
            name: planned.name.clone(),
            connection_type: in_the_apis_spelling(&planned.kind),
            endpoint: planned.endpoint.clone(),
            auth_data,
        };
        // A replacement begins without the memory of the object before it.
        *cx.private() = Memory::default();
        let begun = SystemTime::now();
        match connections.create(&new).await {
            Ok(connection) => {
                cx.private().credentials.wrote(&connection, true);
                Ok(told_of_status(cx, planned.written(connection, place)))
            }
            Err(error) => {
                if let Some(left) = error.left_behind() {
                    let half_done = planned.clone().written(left.clone(), place.clone());
                    cx.private().credentials.wrote(left, false);
                    cx.checkpoint(&half_done)?;
                } else if error.outcome_unknown() {
                    let untold = planned.clone().written(Connection::default(), place.clone());
                    cx.private().lost = Some(Lost { begun, ended: SystemTime::now() });
                    cx.checkpoint(&untold)?;
                }
                Err(explain("create", &planned.name, &place, &error))
            }
        }
    }

    async fn read(&self, state: Model, cx: &mut Read<Self>) -> Result<Option<Model>> {
        cx.private().place_undecided = cx.provider().scope().is_undecided();
        if cx.provider().known_client().is_none() && !state.kind.is_empty() {
            cx.warn(not_refreshed(&state.name));
            return Ok(Some(state));
        }
        let (mut connections, place) = connections(cx, &state).await?;
        if let Some(stored) = payload(&state.kind, &cx.stored()) {
            connections = connections.hiding(&stored);
        }
        let Memory { credentials, lost, .. } = cx.private();
        let found = match lost.take() {
            Some(lost) => find_lost(&connections, &state, lost).await,
            None => {
                let is_no_news = |listed: &Connection| {
                    state.is_told_by(listed) && credentials.is_as_left(listed)
                };
                connections.refresh(&state.name, is_no_news).await
            }
        };
        let Some(connection) =
            found.map_err(|error| explain("read", &state.name, &place, &error))?
        else {
            return Ok(None);
        };
        // Also where type or endpoint are others now: the configuration may have
        // followed them, and then nothing but this tells of its credentials.
        let verdict = cx.private().credentials.judge(&connection, state.credential_drift);
        if let Some(warning) = drift_warning(&verdict, &state.name) {
            cx.warn(warning);
        }
        Ok(Some(told_of_status(cx, state.found(connection, place))))
    }

    async fn update(&self, change: Change<Model>, cx: &mut Update<Self>) -> Result<Model> {
        let Change { before, after } = change;
        let (connections, place) = connections(cx, &after).await?;
        let Some(auth_data) = payload(&after.kind, &cx.config()) else {
            return keep_credentials(before, after, cx);
        };
        let update = NewCredentials {
            name: after.name.clone(),
            connection_type: in_the_apis_spelling(&after.kind),
            endpoint: after.endpoint.clone(),
            auth_data,
            resource_version: before.resource_version.clone(),
        };
        match connections.update(&update).await {
            Ok(connection) => {
                cx.private().credentials.wrote(&connection, true);
                Ok(told_of_status(cx, after.written(connection, place)))
            }
            Err(error) => {
                if error.outcome_unknown() {
                    cx.private().credentials.may_have_written();
                    cx.checkpoint(&before)?;
                }
                Err(explain("update", &after.name, &place, &error))
            }
        }
    }

    async fn delete(&self, state: Model, cx: &mut Delete<Self>) -> Result<()> {
        let (connections, place) = connections(cx, &state).await?;
        let explained = |error| explain("delete", &state.name, &place, &error);
        if let Some(lost) = cx.private().lost {
            let found = find_lost(&connections, &state, lost).await.map_err(explained)?;
            if found.is_none() {
                return Ok(());
            }
        }
        connections.delete(&state.name).await.map_err(explained)
    }

    async fn import(&self, id: String, cx: &mut Import<Self>) -> Result<Stub> {
        let id = Id::parse(&id)?;
        let place = [&id.organization, &id.environment, &id.cloud, &id.region];
        let place = cx.provider().place(place.map(|part| part.as_deref())).await?;
        Ok(Stub::new()
            .set("name", id.name)
            .set("organization_id", place.organization)
            .set("environment_id", place.environment)
            .set("cloud", place.cloud)
            .set("region", place.region))
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
    let planned = plan.planned();
    let cloud = planned.text("cloud").known().map(str::to_ascii_lowercase);
    let part = |name| planned.text(name).known();
    let [organization, environment, _, region] = PARTS.each_ref().map(|each| part(each.attribute));
    if let (Some(organization), Some(environment), Some(cloud), Some(region), Some(name)) =
        (organization, environment, cloud.as_deref(), region, part("name"))
    {
        let id = model::id(&[organization, environment, cloud, region, name]);
        plan.set("id", id);
    }
}

/// Sends credentials again where no attribute shows that it is needed: after
/// someone else changed them, and where write-only ones were never sent.
fn plan_credentials(plan: &mut Plan<Resource>) {
    if plan.prior().is_none() {
        return;
    }
    let given = is_any_given(&plan.config());
    // The policy that is configured now, not the one of the last apply.
    let repairs = plan.planned().text("credential_drift") == Given::Known(Policy::REPAIR);
    let to_repair = repairs && plan.private().credentials.is_to_repair();
    let never_sent =
        is_write_only_used(&plan.config()) && !plan.private().credentials.has_sent_credentials();
    if !given {
        return;
    }
    if to_repair && plan.private().credentials.is_old_news() {
        let warning = repair_warning(plan.planned().text("name").known().unwrap_or_default());
        plan.warn(warning);
    }
    if to_repair || never_sent {
        plan.touch();
    }
}

/// An update without credentials to send: the service keeps those it has.
fn keep_credentials(before: Model, after: Model, cx: &mut Update<Resource>) -> Result<Model> {
    cx.private().credentials.forget_credentials();
    cx.warn(Diagnostic::warning("The service keeps its credentials").detail(format!(
        "No credentials are configured for the connection `{}` any more, so there is nothing to \
         send: the service keeps the ones it has.",
        after.name
    )));
    Ok(after.unchanged_at_service(before))
}

/// What a creation has made of which nothing else is known; nothing that others have.
async fn find_lost(
    connections: &Connections,
    state: &Model,
    lost: Lost,
) -> flink_client::Result<Option<Connection>> {
    let ago = lost.ago(SystemTime::now());
    connections.find_lost(&state.name, &state.kind, &state.endpoint, ago).await
}

async fn connections(call: &Call<Resource>, model: &Model) -> Result<(Connections, Place)> {
    let settings = call.provider();
    let place = settings.place(model.place()).await?;
    let patience = Patience { deadline: call.deadline(), cancelled: call.cancelled().clone() };
    Ok((settings.client()?.connections(&place).within(patience), place))
}

/// Types are configured in any case; the API has one spelling.
fn in_the_apis_spelling(kind: &str) -> String {
    Kind::find(kind).map_or(kind, |kind| kind.name).to_owned()
}

/// Warns of a status that says that the connection does not work.
fn told_of_status(call: &mut Call<Resource>, model: Model) -> Model {
    let Some(status) = &model.status else { return model };
    let trouble = match status.to_ascii_uppercase().as_str() {
        "UNREACHABLE" => "its endpoint cannot be reached",
        "INVALID_AUTH" => "the service refuses its credentials",
        _ => return model,
    };
    let detail = model.status_detail.as_deref().filter(|text| !text.is_empty());
    let detail = detail.map(|text| format!(": {text}")).unwrap_or_default();
    call.warn(Diagnostic::warning("The connection does not work").detail(format!(
        "Confluent Cloud says of the connection `{}` that {trouble} ({status}){detail}.",
        model.name
    )));
    model
}

fn drift_warning(verdict: &Verdict, name: &str) -> Option<Diagnostic> {
    let detail = match verdict {
        Verdict::Unchanged => return None,
        Verdict::Changed { replaced, at, repairs } => {
            let what = match replaced {
                true => "was deleted and made again by someone else",
                false => "was changed by someone else, so its credentials may be others now",
            };
            let when = at.as_deref().map(|at| format!(" ({at})")).unwrap_or_default();
            let next = match repairs {
                true => {
                    "Under `credential_drift = \"repair\"` the next apply sends the configured \
                     credentials again, if there are any."
                }
                false => "Nothing is planned for it.",
            };
            format!("The connection `{name}` {what}{when}. {next}")
        }
        Verdict::PerhapsOurs => format!(
            "The last update of the connection `{name}` got no answer, and its version has moved \
             since: the service may have the new credentials or those before. Under \
             `credential_drift = \"repair\"` the next apply sends the configured ones again, \
             if there are any."
        ),
        Verdict::GaveUp => format!(
            "The version of the connection `{name}` moved again after its credentials were \
             repaired. From now on changes are only told, until its credentials change in the \
             configuration."
        ),
    };
    let summary = match verdict {
        Verdict::PerhapsOurs => "The last update got no answer",
        _ => "The credentials were changed outside of Terraform",
    };
    Some(Diagnostic::warning(summary).detail(detail))
}

fn repair_warning(name: &str) -> Diagnostic {
    Diagnostic::warning("Credentials are sent again").detail(format!(
        "An earlier refresh has found that the credentials of the connection `{name}` may be \
         others than the configured ones. Under `credential_drift = \"repair\"` this plan sends \
         the configured ones again."
    ))
}

fn not_refreshed(name: &str) -> Diagnostic {
    Diagnostic::warning("Not refreshed").detail(format!(
        "The connection `{name}` was not looked at: a setting of the provider is not known yet."
    ))
}

/// The client's error with what to do about it.
fn explain(verb: &str, name: &str, place: &Place, error: &Error) -> tf_provider::Diagnostics {
    let mut detail = error.to_string();
    if verb == "create" && error.is_conflict() {
        let Place { organization, environment, cloud, region } = place;
        let id = model::id(&[organization, environment, cloud, region, name]);
        detail = format!(
            "A connection `{name}` is there already. To manage it with Terraform, import it:\n\n\
             import {{\n  to = flink_connection.<label>\n  id = \"{id}\"\n}}\n\n{detail}"
        );
    } else if error.outcome_unknown() {
        detail = format!("{detail}\n\n{}", in_doubt(verb));
    }
    if error.is_forbidden() {
        detail.push_str(
            "\n\nThe API key may not do this. Connections are managed with the role FlinkAdmin, \
             EnvironmentAdmin or OrganizationAdmin; an IP filter refuses in the same way.",
        );
    }
    if error.is_timeout() {
        detail.push_str(&format!(
            "\n\nHow long this may take is said by `{verb}` in the `timeouts` block of the \
             resource; it is {TIMEOUT_MINUTES} minutes where the block does not say."
        ));
    }
    Diagnostic::error(format!("Cannot {verb} the connection"))
        .detail(format!("{detail}\n\nConnection: {name}, in {} {}.", place.cloud, place.region))
        .into()
}

/// What may have come of a request without an answer, and what to do.
fn in_doubt(verb: &str) -> &'static str {
    match verb {
        "create" => {
            "The connection may have been created nevertheless. Until that is known, Terraform \
             keeps it as tainted: the next plan looks for it, and the next apply makes it again."
        }
        "update" => {
            "The service may have taken the new credentials nevertheless. The next apply sends \
             them again."
        }
        _ => "The connection may have been deleted nevertheless. The next apply looks again.",
    }
}
