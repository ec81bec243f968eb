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
    #[serde(flatten)]
    place: PlaceFields,
}

/// A place, as fields of a model. To be flattened into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlaceFields {
    organization_id: Option<String>,
    environment_id: Option<String>,
    cloud: Option<String>,
    region: Option<String>,
}

impl Fields {
    /// The fields of an object in a place. The configured spelling of the cloud stays.
    #[must_use]
    pub(crate) fn at(self, place: &Place, name: &str) -> Self {
        Self { id: Some(object_id(place, name)), place: self.place.at(place) }
    }

    /// The place of the object, as [`PlaceFields::resolve`] finds it.
    ///
    /// # Errors
    ///
    /// Names every part that is set nowhere.
    pub(crate) async fn place(&self, settings: &Settings) -> Result<Place> {
        self.place.resolve(settings).await
    }

    /// Returns true after an import, before the first refresh.
    pub(crate) fn is_imported(&self) -> bool {
        self.id.is_none()
    }
}

impl PlaceFields {
    /// The fields of a place. The configured spelling of the cloud stays.
    #[must_use]
    pub(crate) fn at(self, place: &Place) -> Self {
        Self {
            organization_id: Some(place.organization.clone()),
            environment_id: Some(place.environment.clone()),
            cloud: Some(self.cloud.unwrap_or_else(|| place.cloud.clone())),
            region: Some(place.region.clone()),
        }
    }

    /// The whole place, from these parts and the provider's defaults.
    ///
    /// # Errors
    ///
    /// Names every part that is set nowhere.
    pub(crate) async fn resolve(&self, settings: &Settings) -> Result<Place> {
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
    PLACE.into_iter().map(data_source_attribute)
}

/// The argument of a data source that names a part of a place.
pub(crate) fn data_source_attribute(part: &'static Setting) -> Attribute {
    argument(part, "Default: the provider's.")
}

/// The filter of a list by a part of the place, with the rules that the part has elsewhere.
pub(crate) fn restricted_to(part: &'static Setting) -> Attribute {
    string(part.argument)
        .validate(rule(|text| part.well_formed(text)))
        .validate(rule(|text| part.usual(text)))
}

/// A part of a place, from an argument or the provider's default.
///
/// # Errors
///
/// If neither has it.
pub(crate) fn part(
    settings: &Settings,
    part: &'static Setting,
    own: Option<String>,
) -> Result<String> {
    let mut defaults = settings.place();
    let default = defaults.find(|(each, _)| each.argument == part.argument);
    let default = default.and_then(|(_, default)| default.clone().known());
    own.or(default).ok_or_else(|| not_set(part).into())
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

/// The argument of a part of the place, with the rules that the provider block has for it.
fn argument(part: &'static Setting, default: &str) -> Attribute {
    let attribute = restricted_to(part)
        .optional_computed()
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
        Ok(parts) if missing.is_empty() => Ok(place_of(parts)),
        _ => Err(missing),
    }
}

/// The place of these parts. Clouds are compared ignoring case; hosts and ids have them in
/// lower case.
pub(super) fn place_of([organization, environment, cloud, region]: [String; 4]) -> Place {
    Place { organization, environment, cloud: cloud.to_ascii_lowercase(), region }
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
