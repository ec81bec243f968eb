//! Turns credentials into headers.
//!
//! The gateway takes the identity provider's own token with the identity pool beside
//! it; the control plane takes a token of Confluent's token service. Follows
//! `exchangeStsV1OauthToken` of the token service's description and RFC 6749,
//! section 4.4, for the identity provider.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::token::{Held, Slot, Token};
use super::{Credentials, Given, KeyKind, OAuth};
use crate::call::{Anonymous, Authorization, KeyActivation, Sender};
use crate::endpoint::{Base, parse_url};
use crate::error::{Error, Result};
use crate::request::{Audience, Repeat, Request};
use crate::secret::Secret;
use crate::types::CallOptions;

/// The time before its expiry at which an identity provider's token is replaced.
const EXTERNAL_MARGIN: Duration = Duration::from_secs(180);

/// The time before its expiry at which a token of Confluent's token service is replaced.
const STS_MARGIN: Duration = Duration::from_secs(60);

// The advice about a refused key, in parts that several kinds of keys share.
const CHECK_KEY: &str = "check the key and its secret";
const ONE_REGION: &str = "a Flink API key belongs to one environment and region";
const NEW_KEY: &str = "a new key needs up to a minute to work";

const IDENTITY_POOL: HeaderName = HeaderName::from_static("confluent-identity-pool-id");

/// Holds the proof of identity for each audience.
pub(crate) struct Authenticator {
    gateway: Arc<Proof>,
    control: Arc<Proof>,
}

/// The forms of a proof of identity.
enum Proof {
    Key(Key),
    Pool(Box<Pool>),
}

/// An API key.
struct Key {
    header: HeaderValue,
    secrets: Vec<Secret>,
    kind: KeyKind,
    activation: Arc<KeyActivation>,
}

/// An application or user of an identity provider, with its identity pool.
struct Pool {
    id: HeaderValue,
    subject: Subject,
    sts: Slot,
    sts_url: Url,
    sts_form: Vec<(&'static str, String)>,
}

/// The source of the identity provider's token.
enum Subject {
    Given(Secret),
    Fetched { request: Box<Request>, slot: Slot },
}

impl Authenticator {
    /// Checks credentials for the gateway and for the control plane.
    pub(crate) fn new(
        gateway: &Credentials,
        control: Option<&Credentials>,
        cloud: &Base,
    ) -> Result<Self> {
        let gateway = Arc::new(Proof::new(gateway, cloud)?);
        let control = match control {
            Some(control) => Arc::new(Proof::new(control, cloud)?),
            None => Arc::clone(&gateway),
        };
        Ok(Self { gateway, control })
    }

    /// Returns the proof for a request to this audience. May fetch a token first.
    pub(crate) async fn authorize(
        &self,
        sender: &Sender,
        audience: Audience,
        options: &CallOptions,
    ) -> Result<Authorization> {
        match (self.proof(audience), audience) {
            (_, Audience::TokenEndpoint) => Ok(Authorization::default()),
            (Proof::Key(key), _) => Ok(key.authorization(audience)),
            (Proof::Pool(pool), Audience::Gateway) => pool.for_gateway(sender, options).await,
            (Proof::Pool(pool), _) => pool.for_control_plane(sender, options).await,
        }
    }

    fn proof(&self, audience: Audience) -> &Proof {
        match audience {
            Audience::Gateway => &self.gateway,
            Audience::ControlPlane | Audience::TokenEndpoint => &self.control,
        }
    }

    /// Forgets tokens that were not accepted.
    pub(crate) fn forget(&self, audience: Audience, refused: &Authorization) {
        let (Proof::Pool(pool), Some(token)) = (self.proof(audience), &refused.renewable) else {
            return;
        };
        pool.sts.forget(token);
        if let Subject::Fetched { slot, .. } = &pool.subject {
            // After a suspension of the machine both may have expired.
            for secret in &refused.secrets {
                slot.forget(secret);
            }
        }
    }
}

impl Proof {
    fn new(credentials: &Credentials, cloud: &Base) -> Result<Self> {
        match &credentials.0 {
            Given::Basic { kind, key, secret } => Key::new(*kind, key, secret).map(Self::Key),
            Given::OAuth(oauth) => {
                let request = Box::new(token_request(oauth)?);
                let subject = Subject::Fetched { request, slot: Slot::default() };
                Self::pool(subject, &oauth.identity_pool_id, oauth.sts_expires_in, cloud)
            }
            Given::External(external) if external.token.is_empty() => {
                Err(Error::invalid("the external access token is empty"))
            }
            Given::External(external) => {
                let subject = Subject::Given(external.token.clone());
                Self::pool(subject, &external.identity_pool_id, external.sts_expires_in, cloud)
            }
        }
    }

    fn pool(subject: Subject, id: &str, life: Option<Duration>, cloud: &Base) -> Result<Self> {
        Pool::new(subject, id, life, cloud).map(|pool| Self::Pool(Box::new(pool)))
    }
}

impl Key {
    fn new(kind: KeyKind, key: &str, secret: &Secret) -> Result<Self> {
        if key.is_empty() || secret.is_empty() {
            return Err(Error::invalid("the API key or its secret is empty"));
        }
        if key.contains(':') {
            return Err(Error::invalid("the API key contains a colon"));
        }
        let pair = Secret::new(format!("{key}:{}", secret.expose()));
        let encoded = Secret::new(STANDARD.encode(pair.expose()));
        Ok(Self {
            header: sensitive(&format!("Basic {}", encoded.expose()))?,
            secrets: vec![secret.clone(), pair, encoded],
            kind,
            activation: Arc::default(),
        })
    }

    fn authorization(&self, audience: Audience) -> Authorization {
        Authorization {
            headers: HeaderMap::from_iter([(AUTHORIZATION, self.header.clone())]),
            secrets: self.secrets.clone(),
            activation: Some(Arc::clone(&self.activation)),
            not_accepted: not_accepted(self.kind, audience),
            ..Authorization::default()
        }
    }
}

/// The possible reasons for the refusal of an API key, and what to check.
fn not_accepted(kind: KeyKind, audience: Audience) -> Vec<&'static str> {
    let refused = match kind {
        KeyKind::Flink => "the Flink API key was not accepted",
        KeyKind::Cloud => "the Cloud API key was not accepted",
        KeyKind::Global => "the global API key was not accepted",
        KeyKind::Unspecified => "the API key was not accepted",
    };
    let advice: &[_] = match (kind, audience) {
        (KeyKind::Flink | KeyKind::Unspecified, Audience::Gateway) => {
            &[CHECK_KEY, ONE_REGION, NEW_KEY]
        }
        (KeyKind::Flink, _) => {
            &["the control plane takes a Cloud API key or a global API key", ONE_REGION]
        }
        (KeyKind::Cloud, Audience::Gateway) => {
            &["the Flink gateway takes a Flink API key or a global API key", ONE_REGION]
        }
        (KeyKind::Cloud | KeyKind::Global, _) => &[CHECK_KEY, NEW_KEY],
        (KeyKind::Unspecified, _) => {
            &[CHECK_KEY, "the control plane does not take a Flink API key", NEW_KEY]
        }
    };
    [&[refused], advice].concat()
}

impl Pool {
    fn new(subject: Subject, pool: &str, life: Option<Duration>, cloud: &Base) -> Result<Self> {
        let id = HeaderValue::from_str(pool)
            .ok()
            .filter(|id| !id.is_empty())
            .ok_or_else(|| Error::invalid("the identity pool's id is empty or malformed"))?;
        let mut sts_form = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange".to_owned()),
            ("identity_pool_id", pool.to_owned()),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt".to_owned()),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token".to_owned()),
        ];
        sts_form.extend(life.map(|life| ("expires_in", life.as_secs().to_string())));
        Ok(Self {
            id,
            subject,
            sts: Slot::default(),
            sts_url: cloud.join(&["sts", "v1", "oauth2", "token"])?,
            sts_form,
        })
    }

    /// The identity provider's own token, with the pool in a header.
    async fn for_gateway(&self, sender: &Sender, options: &CallOptions) -> Result<Authorization> {
        let external = self.external(sender, options).await?;
        let mut authorization = self.bearing(&external)?;
        authorization.headers.insert(IDENTITY_POOL, self.id.clone());
        Ok(authorization)
    }

    /// A token of Confluent's token service, exchanged for the identity provider's.
    async fn for_control_plane(
        &self,
        sender: &Sender,
        options: &CallOptions,
    ) -> Result<Authorization> {
        let external = self.external(sender, options).await?;
        let fetch = async {
            let fields = self.sts_form.iter().map(|(name, value)| (*name, value.as_str()));
            let request = Request::new(Method::POST, Audience::TokenEndpoint, self.sts_url.clone())
                .form(fields.chain([("subject_token", external.value.expose())]))
                .hiding([external.value.clone()])
                .repeated(Repeat::Freely);
            fetch(sender, &request, options, STS_MARGIN).await
        };
        let token = self.sts.get(options, fetch).await?;
        let mut authorization = self.bearing(&token)?;
        authorization.secrets.push(external.value);
        Ok(authorization)
    }

    /// The identity provider's token.
    async fn external(&self, sender: &Sender, options: &CallOptions) -> Result<Held> {
        match &self.subject {
            Subject::Given(token) => Ok(Held { value: token.clone(), cached: false }),
            Subject::Fetched { request, slot } => {
                let fetch = fetch(sender, request, options, EXTERNAL_MARGIN);
                slot.get(options, fetch).await
            }
        }
    }

    /// The proof that consists of a token.
    fn bearing(&self, token: &Held) -> Result<Authorization> {
        let header = sensitive(&format!("Bearer {}", token.value.expose()))?;
        Ok(Authorization {
            headers: HeaderMap::from_iter([(AUTHORIZATION, header)]),
            secrets: vec![token.value.clone()],
            renewable: token.cached.then(|| token.value.clone()),
            activation: None,
            not_accepted: match self.subject {
                Subject::Given(_) => vec![
                    "the external access token was not accepted",
                    "it may have expired, or not belong to the identity pool",
                ],
                Subject::Fetched { .. } => {
                    vec![
                        "the OAuth token was not accepted",
                        "check that the identity pool accepts it",
                    ]
                }
            },
        })
    }
}

/// The request for an identity provider's token.
fn token_request(oauth: &OAuth) -> Result<Request> {
    if oauth.client_id.is_empty() || oauth.client_secret.is_empty() {
        return Err(Error::invalid("the OAuth client's id or secret is empty"));
    }
    let url = parse_url("the OAuth token URL", &oauth.token_url)?;
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", oauth.client_id.as_str()),
        ("client_secret", oauth.client_secret.expose()),
    ];
    let scope = oauth.scope.as_deref().filter(|scope| !scope.is_empty());
    Ok(Request::new(Method::POST, Audience::TokenEndpoint, url)
        .form(fields.into_iter().chain(scope.map(|scope| ("scope", scope))))
        .hiding([oauth.client_secret.clone()])
        .repeated(Repeat::Freely))
}

async fn fetch(
    sender: &Sender,
    request: &Request,
    options: &CallOptions,
    margin: Duration,
) -> Result<Token> {
    let asked_at = Instant::now();
    let response = sender.send(request, options, &Anonymous).await;
    let response = response.map_err(|error| error.hint("no access token could be fetched"))?;
    Token::read(&response, asked_at, margin)
}

/// Returns a header that the HTTP library neither logs nor compresses.
fn sensitive(text: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Error::invalid("the credentials hold characters a header cannot"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
