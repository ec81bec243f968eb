//! The objects of a place: the part that every kind of them has in common.
//!
//! A kind of object is a [`Noun`]. It says what its `spec` and `status` look like
//! in JSON, which of them can change, and its rules. Name, uid, version and times
//! are the same for all; they follow the schema `ObjectMeta` of the gateway's
//! description. This file knows no noun and no route.

pub(crate) mod fields;
pub(crate) mod refusal;

use std::fmt::Debug;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::Failure;
use crate::object::fields::Fields;
use crate::object::refusal::Violation;
use crate::settings::Settings;

/// The group of the API that has the objects of a place.
pub(crate) const API_VERSION: &str = "sql/v1";

/// The `maxLength` of the description, in characters. Its pattern for names is not
/// anchored, and the service takes names that do not match it.
const MAX_NAME: usize = 100;

/// A kind of object that lives in a place. The implementing type is the object
/// without its name and [`Object`]'s other marks.
pub(crate) trait Noun: Clone + Debug + Send + Sync + 'static {
    /// The noun in messages, such as `connection`.
    const NAME: &'static str;
    /// The value of `kind`, such as `Connection`; that of a list ends in `List`.
    const KIND: &'static str;
    /// The collection in paths and in the state file, such as `connections`.
    const COLLECTION: &'static str;
    /// The fields of `spec`.
    const SPEC: &'static [&'static str];
    /// The fields of `status`.
    const STATUS: &'static [&'static str];
    /// The parameters by which the list can be filtered.
    const FILTERS: &'static [&'static str];

    /// The fields that an update can set.
    type Change: Send;
    /// The form in the state file, secrets included.
    type Saved: Serialize + DeserializeOwned;

    /// Reads the `spec` of a POST, strictly.
    fn create(spec: &mut Fields) -> Result<Self, Failure>;

    /// Takes from the `spec` of a PUT the fields that can change.
    fn read_change(spec: &mut Fields) -> Result<Self::Change, Failure>;

    /// Applies an update, or says which rule it would break.
    fn apply(&mut self, change: Self::Change) -> Result<(), Violation>;

    /// Checks the rules for a new object.
    fn check(&self, settings: &Settings) -> Result<(), Violation>;

    /// Sets the first status of a new object.
    fn begin(&mut self, settings: &Settings);

    /// Returns true if the object passes one of [`Self::FILTERS`].
    fn matches(&self, filter: &str, value: &str) -> bool;

    /// The `spec` of a response, without secrets.
    fn spec(&self) -> Value;

    /// The `status` of a response, if the object has one.
    fn status(&self) -> Option<Value>;

    /// The object as the state file keeps it.
    fn save(&self) -> Self::Saved;

    /// The object from the state file.
    fn restore(saved: Self::Saved) -> Self;
}

/// An object as the server holds it.
#[derive(Clone, Debug)]
pub(crate) struct Object<N> {
    pub(crate) name: String,
    /// The id of this object; a new object of the same name has another.
    pub(crate) uid: String,
    /// An opaque text that changes with each write.
    pub(crate) resource_version: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) content: N,
}

impl<N: Noun> Object<N> {
    /// The object as it stands in a response; `url` is its own address.
    pub(crate) fn render(&self, url: &str, settings: &Settings) -> Value {
        let mut metadata = json!({
            "self": url,
            "resource_name": "",
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "uid": self.uid,
        });
        if settings.resource_versions {
            metadata["resource_version"] = self.resource_version.as_str().into();
        }
        let mut object = json!({
            "api_version": API_VERSION,
            "kind": N::KIND,
            "metadata": metadata,
            "name": self.name,
            "spec": self.content.spec(),
        });
        if let Some(status) = self.content.status() {
            object["status"] = status;
        }
        object
    }

    /// The object as an item of a list, in which the description requires a status.
    pub(crate) fn render_item(&self, url: &str, settings: &Settings) -> Value {
        let mut item = self.render(url, settings);
        if item.get("status").is_none() {
            item["status"] = json!({ "phase": "" });
        }
        item
    }
}

/// Checks the name of a new object.
pub(crate) fn check_name(name: &str) -> Result<(), Violation> {
    if (1..=MAX_NAME).contains(&name.chars().count()) && !name.contains('/') {
        return Ok(());
    }
    let detail = format!("A name has 1 to {MAX_NAME} characters and no slash.");
    Err(Violation::new("/name", detail))
}
