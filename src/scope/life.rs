//! The life of an object with a place: the calls behind create, read, update and delete.
//!
//! One request per operation in the ordinary case. The client decides which requests are
//! repeated and what a lost response means; here is what Terraform stores of it.

use std::time::{Duration, SystemTime};

use flink_client::{CallOptions, Client, Managed, Objects, Place, Secret};
use serde::Serialize;
use tf_provider::resource::{Change, Create, Delete, Plan, Read, Resource, Update};
use tf_provider::{Call, Diagnostic, Result};

use super::explain::{Operation, Words, failed, name_is_taken};
use super::field::Fields;
use super::plan::whereabouts;
use super::read::options;
use super::unconfirmed::{Memory, UnconfirmedCreate};
use crate::settings::Settings;

/// The time that a plan looks whether a replacement can be created.
const LOOK: Duration = Duration::from_secs(15);

/// The model of a noun with a place.
pub(crate) trait State: Clone + Serialize {
    /// The client's type of the object.
    type Object: Managed<Scope = Place, Filter: Default>;

    /// The words for the noun in messages.
    const WORDS: Words;

    /// The objects of a place.
    fn objects(client: &Client, place: &Place) -> Objects<Self::Object>;

    /// The id and the place.
    fn fields(&self) -> &Fields;

    /// The object as far as the state has it, with its name.
    fn object(&self) -> Self::Object;

    /// The state after a write: the planned values, and those that the API adds.
    fn written(self, object: Self::Object, place: &Place) -> Self;
}

/// The part of an object's memory that only its noun needs.
pub(crate) trait Remember<O>: Default {
    /// After a write of ours. It is confirmed if the API accepted its values.
    fn wrote(&mut self, object: &O, confirmed: bool) {
        let _ = (object, confirmed);
    }

    /// After an update of ours whose outcome is unknown.
    fn may_have_written(&mut self) {}

    /// The version that was seen last, to be sent with the next update.
    fn version(&self) -> Option<String> {
        None
    }
}

/// The result of a refresh.
#[derive(Debug)]
pub(crate) enum Refresh<O> {
    /// A setting of the provider is not known yet; the state stays as it is.
    NotConfigured,
    /// The API reports that there is no such object.
    Gone,
    /// The object and its place.
    Found(O, Place),
}

/// Creates the object of a plan. A create whose outcome is unknown is remembered, and what
/// is known of it is stored beside the error.
///
/// # Errors
///
/// If the client's call fails. Terraform then stores the object as tainted where it may
/// exist, and nothing where it certainly does not.
pub(crate) async fn create<R, M>(
    cx: &mut Create<R>,
    planned: R::Model,
    spec: &<ObjectOf<R> as Managed>::Spec,
) -> Result<R::Model>
where
    R: Resource<Provider = Settings, Private = Memory<M>, Model: State>,
    M: Remember<ObjectOf<R>>,
{
    let (objects, place) = objects(cx, &planned).await?;
    // A replacement begins without the memory of the object before it.
    *cx.private() = Memory::default();
    let begun = SystemTime::now();
    let error = match objects.create(spec).await {
        Ok(object) => {
            cx.private().own.wrote(&object, true);
            return Ok(planned.written(object, &place));
        }
        Err(error) => error,
    };
    if let Some(left) = error.left_behind::<ObjectOf<R>>() {
        cx.private().own.wrote(left, false);
        cx.checkpoint(&planned.clone().written(left.clone(), &place))?;
    } else if error.outcome_unknown() {
        let ended = SystemTime::now();
        cx.private().unconfirmed_create = Some(UnconfirmedCreate { begun, ended });
        let unseen = <ObjectOf<R>>::written(spec);
        cx.checkpoint(&planned.clone().written(unseen, &place))?;
    }
    let object = planned.object();
    Err(error_of::<R::Model>(cx.provider(), Operation::Create, &place, &object, &error))
}

/// Reads an object anew. `known` is compared with lists, which save requests; `secrets` are
/// redacted wherever the API repeats them.
///
/// # Errors
///
/// If the client's call fails, a missing permission included. Only the API's own word that
/// there is no such object makes it gone.
pub(crate) async fn refresh<R, M>(
    cx: &mut Read<R>,
    state: &R::Model,
    known: &<ObjectOf<R> as Managed>::Known,
    secrets: Vec<Secret>,
) -> Result<Refresh<ObjectOf<R>>>
where
    R: Resource<Provider = Settings, Private = Memory<M>, Model: State>,
{
    cx.private().place_undecided = cx.provider().is_place_undecided();
    let object = state.object();
    if cx.provider().known_client().is_none() && !state.fields().is_imported() {
        cx.warn(not_refreshed(&R::Model::WORDS, key(&object)));
        return Ok(Refresh::NotConfigured);
    }
    let (objects, place) = self::objects(cx, state).await?;
    let objects = objects.hiding(secrets);
    let found = match cx.private().unconfirmed_create.take() {
        Some(create) => objects.find_unconfirmed(&object, create.ago(SystemTime::now())).await,
        None => objects.refresh(key(&object), known).await,
    };
    match found {
        Ok(Some(found)) => Ok(Refresh::Found(found, place)),
        Ok(None) => Ok(Refresh::Gone),
        Err(error) => {
            Err(error_of::<R::Model>(cx.provider(), Operation::Read, &place, &object, &error))
        }
    }
}

/// Updates an object against the version that was seen last.
///
/// # Errors
///
/// If the client's call fails. An update whose outcome is unknown leaves the state before
/// it, so that the next plan shows the change again.
pub(crate) async fn update<R, M>(
    cx: &mut Update<R>,
    change: Change<R::Model>,
    spec: &<ObjectOf<R> as Managed>::Spec,
) -> Result<R::Model>
where
    R: Resource<Provider = Settings, Private = Memory<M>, Model: State>,
    M: Remember<ObjectOf<R>>,
{
    let Change { before, after } = change;
    let (objects, place) = objects(cx, &after).await?;
    let version = cx.private().own.version();
    match objects.update(spec, version.as_deref()).await {
        Ok(object) => {
            cx.private().own.wrote(&object, true);
            Ok(after.written(object, &place))
        }
        Err(error) => {
            if error.outcome_unknown() {
                cx.private().own.may_have_written();
                cx.checkpoint(&before)?;
            }
            Err(error_of::<R::Model>(
                cx.provider(),
                Operation::Update,
                &place,
                &after.object(),
                &error,
            ))
        }
    }
}

/// Deletes an object. After a create whose outcome is unknown it deletes only the object
/// that the create left. An object that is gone is a success.
///
/// # Errors
///
/// If the client's call fails. The object then stays in state.
pub(crate) async fn delete<R, M>(
    cx: &mut Delete<R>,
    state: &R::Model,
    secrets: Vec<Secret>,
) -> Result<()>
where
    R: Resource<Provider = Settings, Private = Memory<M>, Model: State>,
{
    let (objects, place) = objects(cx, state).await?;
    let objects = objects.hiding(secrets);
    let object = state.object();
    let unconfirmed = cx.private().unconfirmed_create;
    let settings = cx.provider();
    let failed = |error| error_of::<R::Model>(settings, Operation::Delete, &place, &object, &error);
    if let Some(create) = unconfirmed {
        let ago = create.ago(SystemTime::now());
        if objects.find_unconfirmed(&object, ago).await.map_err(failed)?.is_none() {
            return Ok(());
        }
    }
    objects.delete(key(&object)).await.map_err(failed)
}

/// Looks ahead where a plan replaces an object. A replacement deletes before it creates, so
/// what would refuse the new object has to be met before: a name that is taken, and a place
/// that the service does not know or does not serve with these credentials.
///
/// # Errors
///
/// If the name is taken or the place refuses the reads. Nothing has been changed then.
pub(crate) async fn plan_replacement<R>(plan: &mut Plan<R>) -> Result<()>
where
    R: Resource<Provider = Settings, Model: State>,
{
    let from = plan.prior().and_then(|prior| whereabouts(&prior));
    let (Some(from), Some(to)) = (from, whereabouts(&plan.planned())) else { return Ok(()) };
    let settings = plan.provider();
    let Some(client) = settings.known_client().filter(|_| from != to) else { return Ok(()) };
    let options = CallOptions { cancelled: plan.cancelled().clone(), ..CallOptions::at_most(LOOK) };
    let (place, name) = to;
    let objects = R::Model::objects(client, &place).within(options);
    let words = R::Model::WORDS;
    let refused =
        |error| failed(settings, &words, Operation::PlanReplacement, (&place, &name), &error);
    if objects.find(&name).await.map_err(refused)?.is_some() {
        return Err(name_is_taken(&words, &place, &name).into());
    }
    if from.0 == place {
        return Ok(());
    }
    // An object that is absent does not show whether its place exists; a list does.
    match objects.list(&Default::default()).next_page().await {
        Err(error) if matches!(error.status(), Some(400 | 404)) => Err(refused(error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The client's type of the object of a resource.
type ObjectOf<R> = <<R as Resource>::Model as State>::Object;

/// The objects of the place of a state, for the calls of one operation.
async fn objects<S: State>(
    call: &Call<Settings>,
    state: &S,
) -> Result<(Objects<S::Object>, Place)> {
    let settings = call.provider();
    let place = state.fields().place(settings).await?;
    Ok((S::objects(settings.client()?, &place).within(options(call)), place))
}

/// The name of an object, as paths and messages have it.
fn key<O: Managed>(object: &O) -> &str {
    object.key()
}

/// The error of a failed call about one object.
fn error_of<S: State>(
    settings: &Settings,
    operation: Operation,
    place: &Place,
    object: &S::Object,
    error: &flink_client::Error,
) -> tf_provider::Diagnostics {
    failed(settings, &S::WORDS, operation, (place, key(object)), error)
}

/// The warning of a refresh while the provider is not configured yet.
fn not_refreshed(words: &Words, name: &str) -> Diagnostic {
    Diagnostic::warning("Not refreshed").detail(format!(
        "The {} `{name}` was not refreshed: a setting of the provider is not known yet.",
        words.name
    ))
}
