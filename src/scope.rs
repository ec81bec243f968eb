//! The place of an object: organization, environment, cloud and region, resolved once for
//! all nouns.
//!
//! Each part stands on its own: the resource comes before the provider block, and that
//! before the environment.

use flink_client::Place;
use tf_provider::schema::{Attribute, Given, rule, string};
use tf_provider::{Diagnostic, Diagnostics, Result};

use crate::settings::{CLOUD, PLACE, Setting, Settings, same_cloud};

/// The arguments of a resource that name its place. A change makes it another object.
pub(crate) fn attributes() -> impl Iterator<Item = Attribute> {
    PLACE.into_iter().map(|part| {
        let attribute = string(part.argument)
            .optional_computed()
            .use_state_for_unknown()
            .requires_replace()
            .validate(rule(|text| part.well_formed(text)))
            .validate(rule(|text| part.usual(text)))
            .describe(&format!(
                "{} Default: the provider's. A change replaces the object.",
                part.description
            ));
        match part.argument == CLOUD.argument {
            true => attribute.semantic_equality(same_cloud),
            false => attribute,
        }
    })
}

/// Returns true if two spellings of a part name the same place.
pub(crate) fn is_same(part: &Setting, one: &str, other: &str) -> bool {
    one == other || part.argument == CLOUD.argument && same_cloud(one, other)
}

/// The place of an object, from its own parts and the provider's defaults.
///
/// # Errors
///
/// Names every part that is set nowhere.
pub(crate) async fn resolve(settings: &Settings, own: [Option<&str>; 4]) -> Result<Place> {
    let mut own = own;
    if own[0].is_none() {
        own[0] = settings.only_organization().await;
    }
    let mut missing = Diagnostics::none();
    let parts = settings.place().zip(own).map(|((part, default), own)| match (own, default) {
        (Some(own), _) => own.to_owned(),
        (None, Given::Known(default)) => default.clone(),
        (None, Given::Null | Given::Unknown) => {
            missing.push(not_set(part));
            String::new()
        }
    });
    let parts: Vec<String> = parts.collect();
    match <[String; 4]>::try_from(parts) {
        Ok([organization, environment, cloud, region]) if missing.is_empty() => {
            // Clouds are compared ignoring case; hosts and ids are lower case.
            let cloud = cloud.to_ascii_lowercase();
            Ok(Place { organization, environment, cloud, region })
        }
        _ => Err(missing),
    }
}

/// The error of a part of the place that is set nowhere.
pub(crate) fn not_set(part: &Setting) -> Diagnostic {
    let Setting { argument, variable, .. } = part;
    Diagnostic::error(format!("Missing {argument}"))
        .detail(format!(
            "Set `{argument}` on the resource or in the provider block, or the environment \
             variable {}.",
            variable.unwrap_or_default()
        ))
        .at(*argument)
}
