//! The part of a plan that is the same for all nouns with a place: the place that only the
//! provider's settings name, the id, and the way from one object to another.

use flink_client::Place;
use tf_provider::Result;
use tf_provider::resource::{Plan, Resource};
use tf_provider::schema::{Given, View};

use super::field::{is_same, not_set, object_id};
use super::unconfirmed::Memory;
use crate::settings::{ORGANIZATION, PLACE, Settings};

/// Fills in the parts of the place that only the provider's settings name, and the id as
/// soon as all of its parts are known. An existing object whose settings are not known yet
/// stays where it is.
pub(crate) async fn place<R, M>(plan: &mut Plan<R>) -> Result<()>
where
    R: Resource<Provider = Settings, Private = Memory<M>>,
{
    let defaults: Vec<_> =
        plan.provider().place().map(|(part, default)| (part, default.clone())).collect();
    for (part, default) in defaults {
        let name = part.argument;
        if !plan.config().get(name).is_null() {
            continue;
        }
        let stored = plan.prior().and_then(|prior| prior.text(name).known().map(str::to_owned));
        match (default, stored) {
            (_, Some(_)) if plan.private().place_undecided => {}
            (Given::Known(default), Some(stored)) if is_same(part, &stored, &default) => {}
            (Given::Known(default), _) => plan.set(name, default),
            (Given::Null, None) => {
                let found = match name == ORGANIZATION.argument {
                    true => plan.provider().only_organization().await.map(str::to_owned),
                    false => None,
                };
                let found = found.ok_or_else(|| not_set(part))?;
                plan.set(name, found);
            }
            (Given::Null | Given::Unknown, _) => {}
        }
    }
    if let Some((place, name)) = whereabouts(&plan.planned()) {
        plan.set("id", object_id(&place, &name));
    }
    Ok(())
}

/// The place and the name of an object, where all of them are known.
pub(crate) fn whereabouts(object: &View<'_>) -> Option<(Place, String)> {
    let part = |attribute| object.text(attribute).known().map(str::to_owned);
    let [organization, environment, cloud, region] = PLACE.map(|setting| part(setting.argument));
    let place = Place {
        organization: organization?,
        environment: environment?,
        cloud: cloud?.to_ascii_lowercase(),
        region: region?,
    };
    Some((place, part("name")?))
}
