//! An organization, as `org.v2.Organization` describes it.

use serde_json::{Value, json};

use crate::control_plane::Listed;
use crate::place::reached::Reached;

/// An organization that exists because the settings name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// A UUID.
    pub id: String,
    /// Its name for people.
    pub display_name: String,
}

impl Organization {
    /// An organization that the settings do not name.
    pub(crate) fn undeclared(id: &str) -> Self {
        Self { id: id.to_owned(), display_name: "Emulator".to_owned() }
    }
}

impl Listed for Organization {
    const API_VERSION: &'static str = "org/v2";
    const KIND: &'static str = "Organization";
    const PATH: &'static str = "/org/v2/organizations";
    const NAME: &'static str = "organization";

    fn id(&self) -> String {
        self.id.clone()
    }

    fn fields(&self, _: &Reached) -> Value {
        json!({
            "metadata": {
                "resource_name": format!("crn://confluent.cloud/organization={}", self.id),
            },
            "display_name": self.display_name,
        })
    }
}
