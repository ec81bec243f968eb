//! The credentials: a Flink API key, a Cloud (or global) API key, or a token of an
//! identity provider.
//!
//! The provider block comes before the environment: the key that it names is used, and
//! the environment only adds the other half of it. A key is used whole or not at all.

use flink_client::{Credentials, ExternalToken, KeyKind, OAuth, Secret};
use tf_provider::schema::{Given, View};
use tf_provider::value::Path;
use tf_provider::{Diagnostic, Diagnostics, Result};

use super::sources::{Sources, given};
use super::table::{
    CLOUD_API_KEY, CLOUD_API_SECRET, FLINK_API_KEY, FLINK_API_SECRET, OAUTH_CLIENT_ID,
    OAUTH_CLIENT_SECRET, OAUTH_POOL, OAUTH_SCOPE, OAUTH_STS_LIFETIME, OAUTH_TOKEN, OAUTH_TOKEN_URL,
    Setting,
};

/// An API key and the settings of its halves.
struct Key {
    kind: KeyKind,
    name: &'static str,
    halves: [&'static Setting; 2],
}

/// A key of one environment and region, which the gateway takes and the control plane does
/// not.
static FLINK: Key = Key {
    kind: KeyKind::Flink,
    name: "Flink API key",
    halves: [&FLINK_API_KEY, &FLINK_API_SECRET],
};

/// A key of the whole organization, which both take.
static CLOUD: Key = Key {
    kind: KeyKind::Cloud,
    name: "Cloud API key",
    halves: [&CLOUD_API_KEY, &CLOUD_API_SECRET],
};

/// The keys that Flink's API accepts; the first that is set is used.
static KEYS: [&Key; 2] = [&FLINK, &CLOUD];

/// Refuses a block whose credentials contradict each other, whatever the environment has.
pub(super) fn check(block: &View<'_>) -> Diagnostics {
    let oauth = match block.block("oauth") {
        Given::Known(oauth) => oauth,
        Given::Null | Given::Unknown => return Diagnostics::none(),
    };
    let mut found = oauth_is_whole(&oauth);
    if let Some(key) = key_in_block(block) {
        let [argument, _] = key.halves.map(|half| half.argument);
        found.push(
            Diagnostic::error("Two ways to authenticate")
                .detail(format!(
                    "The provider block has both an `oauth` block and `{argument}`: keep one of \
                     them."
                ))
                .at("oauth"),
        );
    }
    found
}

/// The key that the block names, wholly or in half.
fn key_in_block(block: &View<'_>) -> Option<&'static Key> {
    let is_given = |half: &&Setting| !given(block, half).is_null();
    KEYS.into_iter().find(|key| key.halves.iter().any(is_given))
}

/// The credentials, or unknown while a part of them is. The block has passed [`check`].
pub(super) fn credentials(sources: &Sources<'_>) -> Result<Given<Credentials>> {
    if let Given::Known(block) = sources.block.block("oauth") {
        return oauth(&Sources { block, variable: &|_| None });
    }
    if has_oauth(sources) {
        return Ok(Given::Unknown);
    }
    let is_in_environment = |half: &&Setting| sources.in_environment(half).is_some();
    let in_environment = || KEYS.into_iter().find(|key| key.halves.iter().any(is_in_environment));
    match key_in_block(&sources.block).or_else(in_environment) {
        Some(key) => key.credentials(sources),
        None => Err(no_credentials().into()),
    }
}

/// The Cloud API key, which the control plane takes and a Flink API key's holder may have
/// beside it.
pub(super) fn cloud_key(sources: &Sources<'_>) -> Option<Credentials> {
    if has_oauth(sources) {
        return None;
    }
    CLOUD.credentials(sources).ok().and_then(Given::known)
}

/// Returns true if the credentials are accepted by the control plane too.
pub(super) fn has_control_plane(sources: &Sources<'_>) -> bool {
    has_oauth(sources) || cloud_key(sources).is_some()
}

/// Returns true if the block has an `oauth` block, known or not.
pub(super) fn has_oauth(sources: &Sources<'_>) -> bool {
    !sources.block.get("oauth").is_null()
}

impl Key {
    /// The key, or unknown while a half of it is.
    ///
    /// # Errors
    ///
    /// If a half is set nowhere.
    fn credentials(&self, sources: &Sources<'_>) -> Result<Given<Credentials>> {
        match self.halves.map(|half| sources.text(half)) {
            [Given::Unknown, _] | [_, Given::Unknown] => Ok(Given::Unknown),
            [Given::Known(key), Given::Known(secret)] => {
                Ok(Given::Known(Credentials::basic(key, Secret::new(secret)).of_kind(self.kind)))
            }
            [Given::Null, _] => Err(self.half_missing(self.halves[0]).into()),
            [_, Given::Null] => Err(self.half_missing(self.halves[1]).into()),
        }
    }

    /// The error of a half that is set nowhere. It shows nothing of the other half.
    fn half_missing(&self, half: &Setting) -> Diagnostic {
        Diagnostic::error(format!("Half a {}", self.name))
            .detail(format!(
                "Only one half of the {} is set. Set {} as well, in the provider block or in the \
                 environment.",
                self.name,
                half.names()
            ))
            .at(half.argument)
    }
}

/// The error where neither source has credentials. It names every way to give them.
fn no_credentials() -> Diagnostic {
    let keys = KEYS.map(|key| {
        let [key, secret] = key.halves.map(Setting::names);
        format!("- {key} and {secret}\n")
    });
    Diagnostic::error("No credentials").detail(format!(
        "The provider needs an API key. Set one of:\n{}- an `oauth` block in the provider block",
        keys.concat()
    ))
}

/// Refuses an `oauth` block that lacks a part, or has two sources of the token.
fn oauth_is_whole(oauth: &View<'_>) -> Diagnostics {
    let mut found = Diagnostics::none();
    let mut need = |setting: &Setting, why: &str| {
        if given(oauth, setting).is_null() {
            let name = setting.argument;
            let missing = Diagnostic::error(format!("Missing {name}"))
                .detail(format!("`{name}` {why}. Give it a value."));
            found.push(missing.at(Path::from("oauth").attribute(name)));
        }
    };
    // Validation refuses a null, as in any required argument.
    if oauth.get(OAUTH_POOL.argument).is_known() {
        need(&OAUTH_POOL, "is required in an `oauth` block");
    }
    match (given(oauth, &OAUTH_TOKEN), given(oauth, &OAUTH_TOKEN_URL)) {
        (Given::Null, Given::Known(_)) => {
            need(&OAUTH_CLIENT_ID, "goes with `oauth_external_token_url`");
            need(&OAUTH_CLIENT_SECRET, "goes with `oauth_external_token_url`");
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
fn oauth(oauth: &Sources<'_>) -> Result<Given<Credentials>> {
    let sts_expires_in = oauth.get(&OAUTH_STS_LIFETIME)?;
    let texts = [
        &OAUTH_POOL,
        &OAUTH_TOKEN,
        &OAUTH_TOKEN_URL,
        &OAUTH_CLIENT_ID,
        &OAUTH_CLIENT_SECRET,
        &OAUTH_SCOPE,
    ]
    .map(|setting| oauth.text(setting));
    if sts_expires_in.is_unknown() || texts.iter().any(Given::is_unknown) {
        return Ok(Given::Unknown);
    }
    let sts_expires_in = sts_expires_in.known();
    let [pool, token, url, client_id, client_secret, scope] = texts.map(Given::known);
    let identity_pool_id = pool.unwrap_or_default();
    Ok(Given::Known(match token.map(Secret::new) {
        Some(token) => {
            Credentials::external_token(ExternalToken { token, identity_pool_id, sts_expires_in })
        }
        None => Credentials::oauth(OAuth {
            token_url: url.unwrap_or_default(),
            client_id: client_id.unwrap_or_default(),
            client_secret: Secret::new(client_secret.unwrap_or_default()),
            scope,
            identity_pool_id,
            sts_expires_in,
        }),
    }))
}
