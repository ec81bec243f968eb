//! How to authenticate: a Flink API key, a Cloud (or global) API key, or a token
//! of an identity provider.
//!
//! The provider block comes before the environment: what it names is used, and
//! the environment only fills in the other half of a key. A way to authenticate
//! is used whole or not at all.

use std::time::Duration;

use flink_client::{Credentials, ExternalToken, KeyKind, OAuth, Secret};
use tf_provider::schema::{Given, View};
use tf_provider::value::Path;
use tf_provider::{Diagnostic, Diagnostics, Result};

use super::{Sources, text};

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
static KEYS: [Key; 2] = [FLINK, CLOUD];

/// What is wrong with the provider block, whatever the environment says.
pub(super) fn check(block: &View<'_>) -> Diagnostics {
    let oauth = match block.block("oauth") {
        Given::Known(oauth) => oauth,
        Given::Null | Given::Unknown => return Diagnostics::none(),
    };
    let mut found = oauth_is_whole(&oauth);
    if let Some(key) = key_in_block(block) {
        found.push(
            Diagnostic::error("Two ways to authenticate")
                .detail(format!(
                    "The provider block has both an `oauth` block and `{}`: keep one of them.",
                    key.key.0
                ))
                .at("oauth"),
        );
    }
    found
}

/// The key that the block names, wholly or in half.
fn key_in_block(block: &View<'_>) -> Option<&'static Key> {
    let is_given = |(attribute, _): &(&str, &str)| !text(block, attribute).is_null();
    KEYS.iter().find(|key| [key.key, key.secret].iter().any(is_given))
}

/// The credentials, or unknown while a part of them is. The block has passed [`check`].
pub(super) fn credentials(sources: &Sources<'_>) -> Result<Given<Credentials>> {
    if let Given::Known(oauth) = sources.block.block("oauth") {
        return Ok(self::oauth(oauth));
    }
    if has_oauth(sources) {
        return Ok(Given::Unknown);
    }
    if let Some(key) = key_in_block(&sources.block) {
        return key.credentials(sources);
    }
    let in_environment = |key: &&Key| {
        [key.key, key.secret].iter().any(|(_, name)| !sources.variable(name).is_null())
    };
    match KEYS.iter().find(in_environment) {
        Some(key) => key.credentials(sources),
        None => Err(no_credentials().into()),
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

pub(super) fn has_oauth(sources: &Sources<'_>) -> bool {
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

const TOKEN: &str = "oauth_external_access_token";
const TOKEN_URL: &str = "oauth_external_token_url";
const CLIENT_ID: &str = "oauth_external_client_id";
const CLIENT_SECRET: &str = "oauth_external_client_secret";
const POOL: &str = "oauth_identity_pool_id";

/// One source of the token, and all that belongs to it.
fn oauth_is_whole(oauth: &View<'_>) -> Diagnostics {
    let mut found = Diagnostics::none();
    let mut need = |name: &str, why: &str| {
        if text(oauth, name).is_null() {
            let missing = Diagnostic::error(format!("Missing {name}"))
                .detail(format!("`{name}` {why}. Give it a value."));
            found.push(missing.at(Path::from("oauth").attribute(name)));
        }
    };
    // A null is refused as in any required argument.
    if oauth.get(POOL).is_known() {
        need(POOL, "is required in an `oauth` block");
    }
    match (text(oauth, TOKEN), text(oauth, TOKEN_URL)) {
        (Given::Null, Given::Known(_)) => {
            need(CLIENT_ID, "goes with `oauth_external_token_url`");
            need(CLIENT_SECRET, "goes with `oauth_external_token_url`");
        }
        (Given::Null, Given::Null) | (Given::Known(_), Given::Known(_)) => found.push(
            Diagnostic::error("One source of the token")
                .detail(
                    "The `oauth` block needs exactly one of `oauth_external_token_url` and \
                     `oauth_external_access_token`.",
                )
                .at("oauth"),
        ),
        _ => {}
    }
    found
}

/// The credentials of a block that is whole, or unknown while a part of them is.
fn oauth(block: View<'_>) -> Given<Credentials> {
    const LIFETIME: &str = "oauth_sts_token_expired_in_seconds";
    const SCOPE: &str = "oauth_external_token_scope";
    let all = [TOKEN, TOKEN_URL, POOL, LIFETIME, CLIENT_ID, CLIENT_SECRET, SCOPE];
    if all.iter().any(|name| block.get(name).is_unknown()) {
        return Given::Unknown;
    }
    let given = |name| text(&block, name).known();
    let known = |name| given(name).unwrap_or_default().to_owned();
    let identity_pool_id = known(POOL);
    let sts_expires_in =
        given(LIFETIME).and_then(|text| text.parse().ok()).map(Duration::from_secs);
    Given::Known(match given(TOKEN) {
        Some(token) => {
            let token = Secret::new(token);
            Credentials::external_token(ExternalToken { token, identity_pool_id, sts_expires_in })
        }
        None => Credentials::oauth(OAuth {
            token_url: known(TOKEN_URL),
            client_id: known(CLIENT_ID),
            client_secret: Secret::new(known(CLIENT_SECRET)),
            scope: given(SCOPE).map(str::to_owned),
            identity_pool_id,
            sts_expires_in,
        }),
    })
}
