//! An environment, as `org.v2.Environment` describes it.

use serde_json::{Value, json};

use crate::control_plane::Listed;
use crate::place::reached::Reached;

/// The time of an environment's creation and last change, since the settings
/// have none.
const TIME: &str = "2025-01-01T00:00:00Z";

/// An environment that exists because the settings name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// An id such as `env-a1b2c3`.
    pub id: String,
    /// The organization it belongs to.
    pub organization: String,
    /// Its name for people.
    pub display_name: String,
}

impl Environment {
    pub(crate) fn new(id: &str, organization: &str, display_name: &str) -> Self {
        let [id, organization, display_name] =
            [id, organization, display_name].map(ToOwned::to_owned);
        Self { id, organization, display_name }
    }
}

impl Listed for Environment {
    const API_VERSION: &'static str = "org/v2";
    const KIND: &'static str = "Environment";
    const PATH: &'static str = "/org/v2/environments";
    const NAME: &'static str = "environment";

    fn id(&self) -> String {
        self.id.clone()
    }

    fn fields(&self, _: &Reached) -> Value {
        let Self { id, organization, display_name } = self;
        let name = format!("crn://confluent.cloud/organization={organization}/environment={id}");
        json!({
            "metadata": { "resource_name": name, "created_at": TIME, "updated_at": TIME },
            "display_name": display_name,
            "stream_governance_config": { "package": "ESSENTIALS" },
        })
    }
}
