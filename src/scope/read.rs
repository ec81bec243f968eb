//! Reads for data sources: one object of a place, or all of them.

use flink_client::{CallOptions, Objects, Pager, Place};
use tf_provider::schema::closest;
use tf_provider::{Call, Diagnostic, Diagnostics, Result};

use super::explain::{Operation, Words, failed, list_failed};
use super::shown::printable;
use crate::settings::Settings;

/// The number of names that the error of an absent object mentions.
const NEAREST: usize = 3;

/// The options of the client's calls in an operation.
pub(crate) fn options(call: &Call<Settings>) -> CallOptions {
    CallOptions { deadline: call.deadline(), cancelled: call.cancelled().clone() }
}

/// The object of this name.
///
/// # Errors
///
/// If there is none, with the nearest names of the place.
pub(crate) async fn get<N>(
    settings: &Settings,
    words: &Words,
    place: &Place,
    objects: &Objects<N>,
    name: &str,
) -> Result<N>
where
    N: flink_client::Noun<Filter: Default>,
{
    let found = objects.find(name).await;
    let found =
        found.map_err(|error| failed(settings, words, Operation::Read, (place, name), &error))?;
    let Some(object) = found else {
        // The absence is the error; without a list it names no others.
        let others = objects.list(&N::Filter::default()).all().await.ok();
        let others = others.as_ref().map(|all| all.iter().map(N::key).collect::<Vec<_>>());
        let nearest = others.map(|others| nearest_names(name, &others)).unwrap_or_default();
        return Err(absent(words, place, name, &nearest));
    };
    Ok(object)
}

/// All objects of a list.
pub(crate) async fn list<N: flink_client::Noun>(
    settings: &Settings,
    words: &Words,
    place: &Place,
    mut pager: Pager<N>,
) -> Result<Vec<N>> {
    pager.all().await.map_err(|error| list_failed(settings, words, place, &error))
}

/// A sentence with the names that are nearest to one that does not exist.
pub(crate) fn nearest_names(name: &str, others: &[&str]) -> String {
    let nearest = closest(name, others, NEAREST);
    let nearest: Vec<_> = nearest.iter().map(|name| format!("`{}`", printable(name))).collect();
    match nearest.as_slice() {
        [] => "There are none.".to_owned(),
        [only] => format!("The nearest name is {only}."),
        [rest @ .., last] => format!("The nearest names are {} and {last}.", rest.join(", ")),
    }
}

/// The error of an object that is absent, at the argument that names it.
fn absent(words: &Words, place: &Place, name: &str, nearest: &str) -> Diagnostics {
    let Place { organization, environment, cloud, region } = place;
    Diagnostic::error(format!("No such {}", words.name))
        .detail(format!(
            "There is no {} `{}` in the environment {environment} of the organization \
             {organization}, in {cloud} {region}. {nearest}",
            words.name,
            printable(name)
        ))
        .at("name")
        .into()
}
