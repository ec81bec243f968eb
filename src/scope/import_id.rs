//! Import ids: `<organization>/<environment>/<cloud>/<region>/<name>`, and shorter forms
//! where the provider's settings name the rest.

use tf_provider::resource::ImportState;
use tf_provider::{Diagnostic, Result};

use super::explain::Words;
use super::field::resolve;
use crate::settings::{PLACE, Settings};

/// The parts of an import id; `None` where the settings name the part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Id {
    organization: Option<String>,
    environment: Option<String>,
    cloud: Option<String>,
    region: Option<String>,
    name: String,
}

/// The place and the name of the object that an id names.
///
/// # Errors
///
/// If the text is no id, with all forms of one; or if a part of the place is named nowhere.
pub(crate) async fn import(settings: &Settings, words: &Words, text: &str) -> Result<ImportState> {
    let id = Id::parse(text).ok_or_else(|| malformed(words, text))?;
    let own = [&id.organization, &id.environment, &id.cloud, &id.region];
    let place = resolve(settings, own.map(|part| part.as_deref())).await?;
    let values = [place.organization, place.environment, place.cloud, place.region];
    let state = ImportState::new().set("name", id.name);
    Ok(PLACE.iter().zip(values).fold(state, |state, (part, value)| state.set(part.argument, value)))
}

impl Id {
    /// Reads an id.
    ///
    /// Three parts can be `<organization>/<environment>/<name>`, as the official
    /// provider writes ids, or `<cloud>/<region>/<name>`: an environment's id
    /// begins with `env-`.
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.iter().any(|part| part.trim().is_empty() || part.trim() != *part) {
            return None;
        }
        let some = |part: &&str| Some((*part).to_owned());
        let mut id =
            Self { name: parts.last().copied().unwrap_or_default().to_owned(), ..Self::default() };
        match parts.as_slice() {
            [_] => {}
            [environment, _] if is_environment(environment) => id.environment = some(environment),
            [region, _] => id.region = some(region),
            [organization, environment, _] if is_environment(environment) => {
                (id.organization, id.environment) = (some(organization), some(environment));
            }
            [cloud, region, _] => (id.cloud, id.region) = (some(cloud), some(region)),
            [environment, cloud, region, _] if is_environment(environment) => {
                id.environment = some(environment);
                (id.cloud, id.region) = (some(cloud), some(region));
            }
            [organization, environment, cloud, region, _] => {
                (id.organization, id.environment) = (some(organization), some(environment));
                (id.cloud, id.region) = (some(cloud), some(region));
            }
            _ => return None,
        }
        Some(id)
    }
}

/// Returns true if a part is the id of an environment: only those begin with `env-`.
fn is_environment(part: &str) -> bool {
    part.starts_with("env-")
}

/// The error of a text that is no id, with every form of one.
fn malformed(words: &Words, text: &str) -> Diagnostic {
    Diagnostic::error("Invalid import id")
        .detail(format!(
            "\"{text}\" does not name a {}. Write \
             <organization>/<environment>/<cloud>/<region>/<name>, or leave out what the provider's \
             settings say: <name>, <environment>/<name>, <region>/<name>, \
             <cloud>/<region>/<name>, <organization>/<environment>/<name> or <environment>/<cloud>/<region>/<name>.",
            words.name
        ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(text: &str) -> [Option<String>; 5] {
        let id = Id::parse(text).unwrap();
        [id.organization, id.environment, id.cloud, id.region, Some(id.name)]
    }

    #[test]
    fn reads_the_whole_form_and_shorter_ones() {
        for (text, expected) in [
            (
                "org/env-1/aws/us-east-1/n",
                [Some("org"), Some("env-1"), Some("aws"), Some("us-east-1"), Some("n")],
            ),
            (
                "env-1/aws/us-east-1/n",
                [None, Some("env-1"), Some("aws"), Some("us-east-1"), Some("n")],
            ),
            ("org/env-1/n", [Some("org"), Some("env-1"), None, None, Some("n")]),
            ("aws/us-east-1/n", [None, None, Some("aws"), Some("us-east-1"), Some("n")]),
            ("env-1/n", [None, Some("env-1"), None, None, Some("n")]),
            ("us-east-1/n", [None, None, None, Some("us-east-1"), Some("n")]),
            ("n", [None, None, None, None, Some("n")]),
        ] {
            assert_eq!(parts(text), expected.map(|part| part.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn refuses_a_text_that_names_nothing() {
        for text in ["", "/", "a//b", "org/env-1/", " a", "a/b/c/d", "a/b/c/d/e/f"] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = Id::parse(&text);
        }
    }
}
