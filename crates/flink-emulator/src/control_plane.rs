//! Objects of the control plane that can be listed and read, and not written.
//!
//! A region, an environment and an organization say here what they look like in
//! JSON. This file knows no route and does not decide which objects exist.

pub(crate) mod environment;
pub(crate) mod organization;
pub(crate) mod region;

use serde_json::Value;

use crate::place::reached::Reached;

/// A kind of object of the control plane.
pub(crate) trait Listed {
    /// The group of the API, such as `org/v2`.
    const API_VERSION: &'static str;
    /// The value of `kind`, such as `Region`; that of a list ends in `List`.
    const KIND: &'static str;
    /// The path of the list, which an object's path continues with its id.
    const PATH: &'static str;
    /// The noun in messages, such as `region`.
    const NAME: &'static str;
    /// The parameters by which the list can be filtered.
    const FILTERS: &'static [&'static str] = &[];

    /// The id, by which the list is sorted.
    fn id(&self) -> String;

    /// Returns true if the object passes one of [`Self::FILTERS`]. A kind without
    /// filters keeps this default, which nothing calls.
    fn matches(&self, _filter: &str, _value: &str) -> bool {
        true
    }

    /// The fields besides `api_version`, `kind`, `id` and `metadata.self`.
    fn fields(&self, reached: &Reached) -> Value;

    /// The object as it stands in a response.
    fn render(&self, reached: &Reached) -> Value {
        let mut object = self.fields(reached);
        object["api_version"] = Self::API_VERSION.into();
        object["kind"] = Self::KIND.into();
        object["id"] = self.id().into();
        object["metadata"]["self"] = reached.url(&format!("{}/{}", Self::PATH, self.id())).into();
        object
    }
}
