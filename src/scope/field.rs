//! The arguments that name the place of an object, and their values in its state.
//!
//! Each part stands on its own: the resource comes before the provider block, and that
//! before the environment.

use flink_client::Place;
use serde::{Deserialize, Serialize};
use tf_provider::schema::{Attribute, Given, rule, string};
use tf_provider::{Diagnostic, Diagnostics, Result};

use crate::settings::{CLOUD, PLACE, Setting, Settings, same_cloud};

/// The id and the place of an object, as fields of its model. To be flattened into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fields {
    id: Option<String>,
    organization_id: Option<String>,
    environment_id: Option<String>,
    cloud: Option<String>,
    region: Option<String>,
}

impl Fields {
    /// The fields of an object in a place. The configured spelling of the cloud stays.
    #[must_use]
    pub(crate) fn at(self, place: &Place, name: &str) -> Self {
        Self {
            id: Some(object_id(place, name)),
            organization_id: Some(place.organization.clone()),
            environment_id: Some(place.environment.clone()),
            cloud: Some(self.cloud.unwrap_or_else(|| place.cloud.clone())),
            region: Some(place.region.clone()),
        }
    }

    /// The place of the object, from its own parts and the provider's defaults.
    ///
    /// # Errors
    ///
    /// Names every part that is set nowhere.
    pub(crate) async fn place(&self, settings: &Settings) -> Result<Place> {
        let own = [&self.organization_id, &self.environment_id, &self.cloud, &self.region];
        resolve(settings, own.map(Option::as_deref)).await
    }
}

/// The arguments of a resource that name its place. A change makes it another object.
pub(crate) fn resource_attributes() -> impl Iterator<Item = Attribute> {
    let arguments = PLACE.into_iter().map(|part| {
        let default = "Default: the provider's. A change replaces the object.";
        argument(part, default).use_state_for_unknown().requires_replace()
    });
    arguments.chain([id().use_state_for_unknown()])
}

/// The arguments of a data source that name a place.
pub(crate) fn data_source_attributes() -> impl Iterator<Item = Attribute> {
    PLACE.into_iter().map(|part| argument(part, "Default: the provider's."))
}

/// The id of an object, in the form that an import takes.
pub(crate) fn object_id(place: &Place, name: &str) -> String {
    let Place { organization, environment, cloud, region } = place;
    [organization, environment, cloud, region, name].join("/")
}

/// The computed id, in the form that an import takes.
pub(crate) fn id() -> Attribute {
    string("id")
        .computed()
        .describe("`<organization>/<environment>/<cloud>/<region>/<name>`, as an import takes it.")
}

fn argument(part: &'static Setting, default: &str) -> Attribute {
    let attribute = string(part.argument)
        .optional_computed()
        .validate(rule(|text| part.well_formed(text)))
        .validate(rule(|text| part.usual(text)))
        .describe(&format!("{} {default}", part.description));
    match part.argument == CLOUD.argument {
        true => attribute.semantic_equality(same_cloud),
        false => attribute,
    }
}

/// Returns true if two spellings of a part name the same place.
pub(super) fn is_same(part: &Setting, one: &str, other: &str) -> bool {
    one == other || part.argument == CLOUD.argument && same_cloud(one, other)
}

/// A whole place, from an object's own parts and the provider's defaults.
///
/// # Errors
///
/// Names every part that is set nowhere.
pub(super) async fn resolve(settings: &Settings, mut own: [Option<&str>; 4]) -> Result<Place> {
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
pub(super) fn not_set(part: &Setting) -> Diagnostic {
    let Setting { argument, variable, .. } = part;
    Diagnostic::error(format!("Missing {argument}"))
        .detail(format!(
            "Set `{argument}` on the object or in the provider block, or the environment variable \
             {}.",
            variable.unwrap_or_default()
        ))
        .at(*argument)
}
