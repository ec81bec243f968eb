//! The settings of the provider, one row each.
//!
//! A row holds everything about a setting: its argument, its environment variable, its
//! description, its default and its parser. The schema of the provider block, the reading
//! of block and environment, the documentation and the messages come from these rows.
//! Nothing here reads a value.

use std::time::Duration;

use tf_provider::schema::{Attribute, Validator, Violation, number, parse_duration, string};
use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};

/// One setting, whose parser makes a `T` of its text.
#[derive(Debug)]
pub(crate) struct Setting<T: 'static = String> {
    pub(crate) argument: &'static str,
    /// Read where the block does not have the argument; the arguments of a block inside the
    /// provider block have none.
    pub(crate) variable: Option<&'static str>,
    /// The sentences about it, without its default and its variable.
    pub(crate) description: &'static str,
    /// In effect where neither source has it; empty where nothing is.
    default: &'static str,
    form: Form,
    /// Reads the text of either source, without white space around it. The error is a
    /// sentence that begins with "must".
    parse: fn(&str) -> Result<T, String>,
    /// Returns the usual form where a text has another one. The service may know more
    /// values than this provider.
    pub(crate) unusual: fn(&str) -> Option<&'static str>,
}

/// The form of an argument in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Required,
    Secret,
    Number,
}

/// A setting that is any text and has no default.
const TEXT: Setting = Setting {
    argument: "",
    variable: None,
    description: "",
    default: "",
    form: Form::Text,
    parse: text,
    unusual: |_| None,
};

/// A text that Terraform hides.
const SECRET: Setting = Setting { form: Form::Secret, ..TEXT };

/// The outermost part of a place. The API takes UUIDs; an old id may look otherwise.
pub(crate) static ORGANIZATION: Setting = Setting {
    argument: "organization_id",
    variable: Some("CONFLUENT_ORGANIZATION_ID"),
    description: "The id of the organization, a UUID.",
    default: "the only one that the Cloud API key or the `oauth` block can see",
    parse: id,
    unusual: |text| uuid::Uuid::try_parse(text).is_err().then_some("a UUID"),
    ..TEXT
};

/// The second part of a place.
pub(crate) static ENVIRONMENT: Setting = Setting {
    argument: "environment_id",
    variable: Some("CONFLUENT_ENVIRONMENT_ID"),
    description: "The id of the environment, such as `env-a1b2c3`.",
    parse: id,
    unusual: |text| (!text.starts_with("env-")).then_some("an id that begins with `env-`"),
    ..TEXT
};

/// The third part of a place, and a part of the gateway's host name.
pub(crate) static CLOUD: Setting = Setting {
    argument: "cloud",
    variable: Some("FLINK_CLOUD"),
    description: "The cloud: `aws`, `azure` or `gcp`, in any case.",
    parse: part_of_host,
    unusual: |text| {
        let is_usual = ["aws", "azure", "gcp"].iter().any(|cloud| same_cloud(cloud, text));
        (!is_usual).then_some("`aws`, `azure` or `gcp`")
    },
    ..TEXT
};

/// The last part of a place, and a part of the gateway's host name.
pub(crate) static REGION: Setting = Setting {
    argument: "region",
    variable: Some("FLINK_REGION"),
    description: "The cloud's name of the region, such as `us-west-2`.",
    parse: part_of_host,
    ..TEXT
};

/// The parts of a place, from the outside in.
pub(crate) static PLACE: [&Setting; 4] = [&ORGANIZATION, &ENVIRONMENT, &CLOUD, &REGION];

pub(crate) static FLINK_API_KEY: Setting = Setting {
    argument: "flink_api_key",
    variable: Some("FLINK_API_KEY"),
    description: "A Flink API key, which belongs to one environment and region.",
    ..SECRET
};

pub(crate) static FLINK_API_SECRET: Setting = Setting {
    argument: "flink_api_secret",
    variable: Some("FLINK_API_SECRET"),
    description: "The secret of `flink_api_key`.",
    ..SECRET
};

pub(crate) static CLOUD_API_KEY: Setting = Setting {
    argument: "cloud_api_key",
    variable: Some("CONFLUENT_CLOUD_API_KEY"),
    description: "A Cloud API key or a global API key: for Flink where no Flink API key is set, to \
                  find the organization where none is named, and for the data sources of regions \
                  and environments.",
    ..SECRET
};

pub(crate) static CLOUD_API_SECRET: Setting = Setting {
    argument: "cloud_api_secret",
    variable: Some("CONFLUENT_CLOUD_API_SECRET"),
    description: "The secret of `cloud_api_key`.",
    ..SECRET
};

/// The gateway of a region. Private networks have another host than the public one.
pub(crate) static REST_ENDPOINT: Setting = Setting {
    argument: "rest_endpoint",
    variable: Some("FLINK_REST_ENDPOINT"),
    description: "Where the Flink REST API is, as a URL in which `{region}` and `{cloud}` stand for \
                  an object's place.",
    default: "`https://flink.{region}.{cloud}.confluent.cloud`",
    parse: |text| address(text, flink_client::check_rest_endpoint),
    ..TEXT
};

/// The control plane.
pub(crate) static CLOUD_ENDPOINT: Setting = Setting {
    argument: "cloud_endpoint",
    variable: Some("CONFLUENT_CLOUD_ENDPOINT"),
    description: "Where the REST API of Confluent Cloud itself is, which knows organizations, \
                  environments and regions.",
    default: "`https://api.confluent.cloud`",
    parse: |text| address(text, flink_client::check_endpoint),
    ..TEXT
};

/// For proxies that decrypt, and for servers with an authority of their own.
pub(crate) static CA_BUNDLE: Setting = Setting {
    argument: "ca_bundle",
    variable: Some("FLINK_CA_BUNDLE"),
    description: "The path of a PEM file with certificates to trust beside those of the machine.",
    ..TEXT
};

/// The number of retries; 0 sends each request once. More than 100 would outlast every
/// time limit.
pub(crate) static MAX_RETRIES: Setting<u32> = Setting {
    argument: "max_retries",
    variable: Some("FLINK_MAX_RETRIES"),
    description: "How often a request is sent again after a failure that may pass, after a second \
                  at first and each time twice as long up to 30. One that is refused only because \
                  there are too many is sent again as long as the service takes others.",
    default: "`4`, over 15 seconds",
    form: Form::Number,
    parse: |text| match text.parse() {
        Ok(number @ 0..=100) => Ok(number),
        _ => Err("must be a whole number from 0 to 100".to_owned()),
    },
    unusual: |_| None,
};

/// The bound of each wait, `Retry-After` included.
pub(crate) static MAX_RETRY_WAIT: Setting<Duration> = Setting {
    argument: "max_retry_wait",
    variable: Some("FLINK_MAX_RETRY_WAIT"),
    description: "The longest wait before a request is sent again, such as `30s` or `5m`, even \
                  where the service asks for a longer one.",
    default: "`5m`",
    form: Form::Text,
    parse: |text| {
        let sentence = "must be a duration such as `30s`, `5m` or `1m30s`";
        parse_duration(text).ok_or_else(|| sentence.to_owned())
    },
    unusual: |_| None,
};

pub(crate) static OAUTH_POOL: Setting = Setting {
    argument: "oauth_identity_pool_id",
    description: "The identity pool, such as `pool-a1b2`.",
    form: Form::Required,
    ..TEXT
};

pub(crate) static OAUTH_TOKEN_URL: Setting = Setting {
    argument: "oauth_external_token_url",
    description: "The identity provider's token endpoint, for the client-credentials flow. Needs \
                  `oauth_external_client_id` and `oauth_external_client_secret`.",
    parse: |text| address(text, flink_client::check_endpoint),
    ..TEXT
};

pub(crate) static OAUTH_CLIENT_ID: Setting = Setting {
    argument: "oauth_external_client_id",
    description: "The client id at the identity provider.",
    ..TEXT
};

pub(crate) static OAUTH_CLIENT_SECRET: Setting = Setting {
    argument: "oauth_external_client_secret",
    description: "The client secret at the identity provider.",
    ..SECRET
};

pub(crate) static OAUTH_SCOPE: Setting = Setting {
    argument: "oauth_external_token_scope",
    description: "The scope to ask for, where the identity provider wants one.",
    ..TEXT
};

pub(crate) static OAUTH_TOKEN: Setting = Setting {
    argument: "oauth_external_access_token",
    description: "A token of the identity provider that was fetched before, instead of \
                  `oauth_external_token_url`.",
    ..SECRET
};

/// Text and not a number, as the official provider has it. Specification: `expires_in` of
/// "OAuth Tokens (sts/v1)", at most 900 seconds.
pub(crate) static OAUTH_STS_LIFETIME: Setting<Duration> = Setting {
    argument: "oauth_sts_token_expired_in_seconds",
    variable: None,
    description: "How many seconds a token of Confluent's token service lives, from `1` to `900`.",
    default: "",
    form: Form::Text,
    parse: |text| match text.parse() {
        Ok(seconds @ 1..=900) => Ok(Duration::from_secs(seconds)),
        _ => Err("must be a whole number of seconds from 1 to 900".to_owned()),
    },
    unusual: |_| None,
};

/// The arguments of the provider block, in the order of its documentation.
pub(super) static BLOCK: [&dyn Row; 13] = [
    &ORGANIZATION,
    &ENVIRONMENT,
    &CLOUD,
    &REGION,
    &FLINK_API_KEY,
    &FLINK_API_SECRET,
    &CLOUD_API_KEY,
    &CLOUD_API_SECRET,
    &REST_ENDPOINT,
    &CLOUD_ENDPOINT,
    &CA_BUNDLE,
    &MAX_RETRIES,
    &MAX_RETRY_WAIT,
];

/// The arguments of the `oauth` block.
pub(super) static OAUTH: [&dyn Row; 7] = [
    &OAUTH_POOL,
    &OAUTH_TOKEN_URL,
    &OAUTH_CLIENT_ID,
    &OAUTH_CLIENT_SECRET,
    &OAUTH_SCOPE,
    &OAUTH_TOKEN,
    &OAUTH_STS_LIFETIME,
];

/// A setting of any type, as the schema sees it.
pub(super) trait Row: Sync {
    /// The argument of the provider block.
    fn attribute(&'static self) -> Attribute;
}

impl<T> Row for Setting<T> {
    fn attribute(&'static self) -> Attribute {
        let attribute = match self.form {
            Form::Number => number(self.argument),
            Form::Text | Form::Required | Form::Secret => string(self.argument),
        };
        let attribute = match self.form {
            Form::Required => attribute.required(),
            Form::Secret => attribute.sensitive(),
            Form::Text | Form::Number => attribute,
        };
        attribute
            .validate(on_text(|text| self.well_formed(text)))
            .validate(on_text(|text| self.usual(text)))
            .describe(&self.documentation())
    }
}

impl<T> Setting<T> {
    /// Reads the text of either source.
    ///
    /// # Errors
    ///
    /// If it is not of the setting's form. The message names both sources and repeats no
    /// value.
    pub(super) fn parse(&self, text: &str) -> Result<T, Diagnostics> {
        (self.parse)(text).map_err(|sentence| {
            let invalid = Diagnostic::error(format!("Invalid {}", self.argument));
            invalid.detail(format!("{} {sentence}.", self.names())).at(self.argument).into()
        })
    }

    /// The argument and its variable, as messages name them.
    pub(crate) fn names(&self) -> String {
        match self.variable {
            Some(variable) => format!("`{}` ({variable})", self.argument),
            None => format!("`{}`", self.argument),
        }
    }

    /// Refuses a text that is not of the setting's form.
    pub(crate) fn well_formed(&self, text: &str) -> Result<(), Violation> {
        (self.parse)(text).map(drop).map_err(Violation::error)
    }

    /// Warns of a text that is not of the usual form.
    pub(crate) fn usual(&self, text: &str) -> Result<(), Violation> {
        match (self.unusual)(text) {
            None => Ok(()),
            Some(usual) => Err(Violation::warning(
                format!("Unusual {}", self.argument),
                format!("is usually {usual}. The service may not know this one"),
            )),
        }
    }

    /// The description in the schema: all that the row has to say.
    fn documentation(&self) -> String {
        let mut text = self.description.to_owned();
        if !self.default.is_empty() {
            text.push_str(&format!(" Default: {}.", self.default));
        }
        if let Some(variable) = self.variable {
            text.push_str(&format!(" Environment variable: `{variable}`."));
        }
        text
    }
}

/// Returns true if two spellings name the same cloud.
pub(crate) fn same_cloud(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The text of a block's value without white space around it, or `None` where it is empty:
/// modules pass an empty text for a setting that is not set.
pub(super) fn content(value: &Value) -> Option<String> {
    let text = match (value.as_str(), value.as_number()) {
        (Some(text), _) => text.trim().to_owned(),
        (None, Some(number)) => number.to_string(),
        (None, None) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A rule over the text of a value that is a setting at all.
fn on_text(check: impl Fn(&str) -> Result<(), Violation> + Send + Sync + 'static) -> Validator {
    Validator::new(move |value| content(value).map_or(Ok(()), |text| check(&text)))
}

/// The parser of a setting that is any text.
fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// An id becomes a part of a path and of an import id.
fn id(text: &str) -> Result<String, String> {
    made_of(text, &['-', '_', '.'], "letters, digits, \"-\", \"_\" and \".\"")
}

/// Cloud and region become parts of a host name.
fn part_of_host(text: &str) -> Result<String, String> {
    made_of(text, &['-'], "letters, digits and \"-\"")
}

/// The text, if it consists of letters, digits and `others`.
fn made_of(text: &str, others: &[char], characters: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || others.contains(&c);
    match !text.is_empty() && text.chars().all(fits) {
        true => Ok(text.to_owned()),
        false => Err(format!("must be made of {characters}")),
    }
}

/// An address that the client can use, by its own rule.
fn address(text: &str, check: fn(&str) -> flink_client::Result<()>) -> Result<String, String> {
    let unusable = |error| format!("must be a URL that requests can be sent to: {error}");
    check(text).map(|()| text.to_owned()).map_err(unusable)
}
