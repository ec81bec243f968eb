//! Where a Flink object lives: organization, environment, cloud and region,
//! resolved once for all nouns.
//!
//! Each part stands on its own: what the resource says comes before what the
//! provider block says, and that before the environment.

use flink_client::Place;
use tf_provider::schema::{Attribute, Given, Violation, rule, string};
use tf_provider::{Diagnostic, Diagnostics, Result};

use crate::settings::setting;

const ORGANIZATION: &str = "organization_id";
const ENVIRONMENT: &str = "environment_id";
const CLOUD: &str = "cloud";
const REGION: &str = "region";

/// The clouds that Confluent Cloud runs on.
const CLOUDS: [&str; 3] = ["aws", "azure", "gcp"];

/// The parts of a place, from the outside in.
pub(crate) static PARTS: [Part; 4] = [
    Part {
        attribute: ORGANIZATION,
        variable: "CONFLUENT_ORGANIZATION_ID",
        what: "The id of the organization, a UUID",
    },
    Part {
        attribute: ENVIRONMENT,
        variable: "CONFLUENT_ENVIRONMENT_ID",
        what: "The id of the environment, such as `env-a1b2c3`",
    },
    Part {
        attribute: CLOUD,
        variable: "FLINK_CLOUD",
        what: "The cloud: `aws`, `azure` or `gcp`, in any case",
    },
    Part {
        attribute: REGION,
        variable: "FLINK_REGION",
        what: "The cloud's name of the region, such as `us-west-2`",
    },
];

/// One part of a place, and where it can be set.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) attribute: &'static str,
    pub(crate) variable: &'static str,
    what: &'static str,
}

impl Part {
    /// The argument of the provider block.
    pub(crate) fn provider_attribute(&'static self) -> Attribute {
        let (what, variable) = (self.what, self.variable);
        let default = match self.is_organization() {
            true => " Default: the only one that the Cloud API key or the `oauth` block can see.",
            false => "",
        };
        string(self.attribute)
            .validate(setting(|text| self.well_formed(text)))
            .validate(setting(|text| self.usual(text)))
            .describe(&format!("{what}.{default} Environment variable: `{variable}`."))
    }

    /// Parts of a place become parts of a host name, a path and an id, so nothing
    /// else may hide in them.
    fn well_formed(&self, text: &str) -> Result<(), Violation> {
        let (others, characters): (&[char], _) = match self.attribute {
            CLOUD | REGION => (&['-'], "letters, digits and \"-\""),
            _ => (&['-', '_', '.'], "letters, digits, \"-\", \"_\" and \".\""),
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || others.contains(&c);
        match !text.is_empty() && text.chars().all(fits) {
            true => Ok(()),
            false => Err(Violation::error(format!("must be made of {characters}"))),
        }
    }

    /// What is usual in place of a text that is not. The service may know more than this
    /// provider.
    pub(crate) fn unusual(&self, text: &str) -> Option<&'static str> {
        let (is_usual, usual) = match self.attribute {
            ORGANIZATION => (uuid::Uuid::try_parse(text).is_ok(), "a UUID"),
            ENVIRONMENT => (text.starts_with("env-"), "an id that begins with `env-`"),
            CLOUD => {
                (CLOUDS.iter().any(|cloud| self.is_same(cloud, text)), "`aws`, `azure` or `gcp`")
            }
            _ => (true, ""),
        };
        (!is_usual).then_some(usual)
    }

    fn usual(&self, text: &str) -> Result<(), Violation> {
        match self.unusual(text) {
            None => Ok(()),
            Some(usual) => Err(Violation::warning(
                format!("Unusual {}", self.attribute),
                format!("is usually {usual}. The service may not know this one"),
            )),
        }
    }

    /// Whether it is the organization, which can be found out.
    pub(crate) fn is_organization(&self) -> bool {
        self.attribute == ORGANIZATION
    }

    /// Whether two spellings name the same place.
    pub(crate) fn is_same(&self, one: &str, other: &str) -> bool {
        match self.attribute {
            CLOUD => one.eq_ignore_ascii_case(other),
            _ => one == other,
        }
    }

    /// The argument of a resource, which makes it another object.
    pub(crate) fn resource_attribute(&'static self) -> Attribute {
        let attribute = string(self.attribute)
            .optional_computed()
            .use_state_for_unknown()
            .requires_replace()
            .validate(rule(|text| self.well_formed(text)))
            .validate(rule(|text| self.usual(text)))
            .describe(&format!(
                "{}. Default: the provider's. A change replaces the object.",
                self.what
            ));
        match self.attribute {
            CLOUD => attribute.semantic_equality(str::eq_ignore_ascii_case),
            _ => attribute,
        }
    }
}

/// What holds for each part where a resource does not say.
#[derive(Clone, Debug)]
pub(crate) struct Scope([Given<String>; 4]);

impl Scope {
    /// Asks for each part in turn.
    pub(crate) fn new(default: impl Fn(&Part) -> Given<String>) -> Self {
        Self(PARTS.each_ref().map(default))
    }

    /// The parts with their defaults.
    pub(crate) fn defaults(&self) -> impl Iterator<Item = (&'static Part, &Given<String>)> {
        PARTS.iter().zip(&self.0)
    }

    /// Whether no default names the organization.
    pub(crate) fn lacks_organization(&self) -> bool {
        let [organization, ..] = &self.0;
        organization.is_null()
    }

    /// Whether a part is set and not known yet.
    pub(crate) fn is_undecided(&self) -> bool {
        self.0.iter().any(Given::is_unknown)
    }

    /// A whole place, from what an object says of itself and the defaults.
    ///
    /// # Errors
    ///
    /// Names every part that nothing says.
    pub(crate) fn resolve(&self, own: [Option<&str>; 4]) -> Result<Place> {
        let mut missing = Diagnostics::none();
        let parts = self.defaults().zip(own).map(|((part, default), own)| match (own, default) {
            (Some(own), _) => own.to_owned(),
            (None, Given::Known(default)) => default.clone(),
            (None, Given::Null | Given::Unknown) => {
                missing.push(not_said(part));
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
}

/// What to tell where nothing says a part of the place.
pub(crate) fn not_said(part: &Part) -> Diagnostic {
    let Part { attribute, variable, .. } = part;
    Diagnostic::error(format!("Missing {attribute}"))
        .detail(format!(
            "Set `{attribute}` on the resource or in the provider block, or the environment \
             variable {variable}."
        ))
        .at(*attribute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(region: Given<String>) -> Scope {
        Scope::new(|part| match part.attribute {
            "region" => region.clone(),
            "cloud" => Given::Known("AWS".to_owned()),
            other => Given::Known(other.to_owned()),
        })
    }

    #[test]
    fn what_the_object_says_comes_first() {
        let scope = scope(Given::Known("us-west-2".to_owned()));
        let place = scope.resolve([None, None, None, Some("eu-west-1")]).unwrap();
        assert_eq!(place.region, "eu-west-1");
        assert_eq!(place.cloud, "aws");
        assert_eq!(place.environment, "environment_id");
    }

    #[test]
    fn what_nothing_says_is_named_with_its_variable() {
        let told = scope(Given::Null).resolve([None; 4]).unwrap_err().to_string();
        assert!(told.contains("FLINK_REGION"), "{told}");
        assert!(!told.contains("FLINK_CLOUD"), "{told}");
    }
}
