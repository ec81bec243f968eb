//! How to authenticate: a Flink API key, a Cloud (or global) API key, or a token
//! of an identity provider.
//!
//! The provider block comes before the environment: what it names is used, and
//! the environment only fills in the other half of a key. A way to authenticate
//! is used whole or not at all.

use std::time::Duration;

use flink_client::{Credentials, ExternalToken, KeyKind, OAuth, Secret};
use tf_provider::schema::{Given, View};
use tf_provider::{Diagnostic, Result};

use super::Sources;

/// An API key and where its halves can be set.
struct Key {
    kind: KeyKind,
    name: &'static str,
    key: (&'static str, &'static str),
    secret: (&'static str, &'static str),
}

const FLINK: Key = Key {
    kind: KeyKind::Flink,
    name: "Flink API key",
    key: ("flink_api_key", "FLINK_API_KEY"),
    secret: ("flink_api_secret", "FLINK_API_SECRET"),
};

const CLOUD: Key = Key {
    kind: KeyKind::Cloud,
    name: "Cloud API key",
    key: ("cloud_api_key", "CONFLUENT_CLOUD_API_KEY"),
    secret: ("cloud_api_secret", "CONFLUENT_CLOUD_API_SECRET"),
};

/// For Flink's API, the first that is there.
const KEYS: [Key; 2] = [FLINK, CLOUD];

/// The credentials, or unknown while a part of them is.
pub(super) fn credentials(sources: &Sources<'_>) -> Result<Given<Credentials>> {
    let in_block = |key: &&Key| {
        [key.key, key.secret].iter().any(|(attribute, _)| !sources.block.get(attribute).is_null())
    };
    let named = KEYS.iter().find(in_block);
    match (sources.block.block("oauth"), named) {
        (Given::Null, Some(key)) => key.credentials(sources),
        (Given::Null, None) => {
            let in_environment = |key: &&Key| {
                [key.key, key.secret].iter().any(|(_, name)| !sources.variable(name).is_null())
            };
            match KEYS.iter().find(in_environment) {
                Some(key) => key.credentials(sources),
                None => Err(no_credentials().into()),
            }
        }
        (_, Some(key)) => Err(Diagnostic::error("Two ways to authenticate")
            .detail(format!(
                "The provider block has both an `oauth` block and `{}`: keep one of them.",
                key.key.0
            ))
            .at("oauth")
            .into()),
        (Given::Unknown, None) => Ok(Given::Unknown),
        (Given::Known(oauth), None) => self::oauth(oauth),
    }
}

/// A key for the control plane beside a Flink API key, which is none.
pub(super) fn cloud_key(sources: &Sources<'_>) -> Option<Credentials> {
    if has_oauth(sources) {
        return None;
    }
    CLOUD.credentials(sources).ok().and_then(Given::known)
}

/// Whether the credentials are good for the control plane too.
pub(super) fn sees_organizations(sources: &Sources<'_>) -> bool {
    has_oauth(sources) || cloud_key(sources).is_some()
}

fn has_oauth(sources: &Sources<'_>) -> bool {
    !sources.block.get("oauth").is_null()
}

impl Key {
    fn credentials(&self, sources: &Sources<'_>) -> Result<Given<Credentials>> {
        let half = |(attribute, variable): (&str, &str)| sources.text(attribute, variable);
        match (half(self.key), half(self.secret)) {
            (Given::Unknown, _) | (_, Given::Unknown) => Ok(Given::Unknown),
            (Given::Known(key), Given::Known(secret)) => {
                Ok(Given::Known(Credentials::basic(key, Secret::new(secret)).of_kind(self.kind)))
            }
            (Given::Null, _) => Err(self.half_missing(self.key).into()),
            (_, Given::Null) => Err(self.half_missing(self.secret).into()),
        }
    }

    fn half_missing(&self, (attribute, variable): (&str, &str)) -> Diagnostic {
        Diagnostic::error(format!("Half a {}", self.name))
            .detail(format!(
                "Only one half of the {} is set. Set `{attribute}` in the provider block or the \
                 environment variable {variable} as well.",
                self.name
            ))
            .at(attribute)
    }
}

fn no_credentials() -> Diagnostic {
    Diagnostic::error("No credentials").detail(
        "The provider needs an API key. Set one of:\n\
         - `flink_api_key` and `flink_api_secret` (FLINK_API_KEY, FLINK_API_SECRET)\n\
         - `cloud_api_key` and `cloud_api_secret` (CONFLUENT_CLOUD_API_KEY, \
         CONFLUENT_CLOUD_API_SECRET)\n\
         - an `oauth` block in the provider block",
    )
}

fn oauth(block: View<'_>) -> Result<Given<Credentials>> {
    let text = |name: &str| block.text(name);
    let token = text("oauth_external_access_token");
    let url = text("oauth_external_token_url");
    let pool = text("oauth_identity_pool_id");
    let lifetime = text("oauth_sts_token_expired_in_seconds");
    if [token, url, pool, lifetime].iter().any(Given::is_unknown) {
        return Ok(Given::Unknown);
    }
    let identity_pool_id = pool.known().unwrap_or_default().to_owned();
    let sts_expires_in =
        lifetime.known().and_then(|text| text.parse().ok()).map(Duration::from_secs);
    match (token, url) {
        (Given::Known(token), Given::Null) => {
            let token = Secret::new(token);
            let token = ExternalToken { token, identity_pool_id, sts_expires_in };
            Ok(Given::Known(Credentials::external_token(token)))
        }
        (Given::Null, Given::Known(url)) => {
            let id = text("oauth_external_client_id");
            let secret = text("oauth_external_client_secret");
            let scope = text("oauth_external_token_scope");
            if [id, secret, scope].iter().any(Given::is_unknown) {
                return Ok(Given::Unknown);
            }
            Ok(Given::Known(Credentials::oauth(OAuth {
                token_url: url.to_owned(),
                client_id: required(id, "oauth_external_client_id")?.to_owned(),
                client_secret: Secret::new(required(secret, "oauth_external_client_secret")?),
                scope: scope.known().map(str::to_owned),
                identity_pool_id,
                sts_expires_in,
            })))
        }
        _ => Err(Diagnostic::error("One source of the token")
            .detail(
                "The `oauth` block needs exactly one of `oauth_external_token_url` and \
                 `oauth_external_access_token`.",
            )
            .at("oauth")
            .into()),
    }
}

fn required<'a>(given: Given<&'a str>, name: &str) -> Result<&'a str> {
    given.known().ok_or_else(|| {
        Diagnostic::error(format!("Missing {name}"))
            .detail(format!("`{name}` goes with `oauth_external_token_url`."))
            .at(tf_provider::value::Path::from("oauth").attribute(name))
            .into()
    })
}
