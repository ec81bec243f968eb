//! Import ids: `<organization>/<environment>/<cloud>/<region>/<name>`, and
//! shorter forms where the provider's settings say the rest.

use tf_provider::{Diagnostic, Result};

/// The parts of an import id; `None` where the settings are to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) organization: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) cloud: Option<String>,
    pub(super) region: Option<String>,
    pub(super) name: String,
}

impl Id {
    /// Reads an id.
    ///
    /// Three parts can be `<organization>/<environment>/<name>`, as the official
    /// provider writes ids, or `<cloud>/<region>/<name>`: an environment's id
    /// begins with `env-`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.iter().any(|part| part.trim().is_empty() || part.trim() != *part) {
            return Err(malformed(text));
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
            _ => return Err(malformed(text)),
        }
        Ok(id)
    }
}

fn is_environment(part: &str) -> bool {
    part.starts_with("env-")
}

fn malformed(text: &str) -> tf_provider::Diagnostics {
    Diagnostic::error("Invalid import id")
        .detail(format!(
            "\"{text}\" does not name a connection. Write \
             <organization>/<environment>/<cloud>/<region>/<name>, or leave out what the provider's \
             settings say: <name>, <environment>/<name>, <region>/<name>, \
             <cloud>/<region>/<name>, <organization>/<environment>/<name> or <environment>/<cloud>/<region>/<name>."
        ))
        .into()
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
    fn refuses_what_names_nothing_and_says_what_would() {
        for text in ["", "/", "a//b", "org/env-1/", " a", "a/b/c/d", "a/b/c/d/e/f"] {
            let told = Id::parse(text).unwrap_err().to_string();
            assert!(
                told.contains("<organization>/<environment>/<cloud>/<region>/<name>"),
                "{told}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = Id::parse(&text);
        }
    }
}
