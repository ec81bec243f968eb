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
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::token::{Held, Slot, Token};
use super::trial::Trial;
use super::{Credentials, Given, KeyKind, OAuth};
use crate::call::Caller;
use crate::endpoint::{Base, parse_url};
use crate::error::{Error, Result};
use crate::request::{Audience, Repeat, Request};
use crate::secret::Secret;
use crate::types::CallOptions;

/// How long before its end an identity provider's token is replaced.
const EXTERNAL_MARGIN: Duration = Duration::from_secs(180);

/// How long before its end a token of Confluent's token service is replaced.
const STS_MARGIN: Duration = Duration::from_secs(60);

const CHECK_KEY: &str = "check the key and its secret";
const ONE_REGION: &str = "a Flink API key belongs to one environment and region";
const NEW_KEY: &str = "a new key needs up to a minute to work";

const IDENTITY_POOL: HeaderName = HeaderName::from_static("confluent-identity-pool-id");

/// Knows who the client is towards each audience.
pub(crate) struct Authenticator {
    gateway: Arc<Identity>,
    control: Arc<Identity>,
}

/// What a request carries to prove who sends it.
#[derive(Default)]
pub(crate) struct Authorisation {
    headers: HeaderMap,
    secrets: Vec<Secret>,
    /// The token, if it was fetched before this call and can be fetched again.
    renewable: Option<Secret>,
    /// How it goes with an API key.
    trial: Option<Arc<Trial>>,
    not_accepted: &'static [&'static str],
}

enum Identity {
    Key(Key),
    Pool(Box<Pool>),
}

/// An API key.
struct Key {
    header: HeaderValue,
    secrets: Vec<Secret>,
    kind: KeyKind,
    trial: Arc<Trial>,
}

/// Someone whom an identity provider vouches for.
struct Pool {
    id: HeaderValue,
    subject: Subject,
    sts: Slot,
    sts_url: Url,
    sts_form: Vec<(&'static str, String)>,
}

/// Where the identity provider's token comes from.
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
        let gateway = Arc::new(Identity::new(gateway, cloud)?);
        let control = match control {
            Some(control) => Arc::new(Identity::new(control, cloud)?),
            None => Arc::clone(&gateway),
        };
        Ok(Self { gateway, control })
    }

    /// What a request to this audience carries. May fetch a token first.
    pub(crate) async fn authorise(
        &self,
        caller: &Caller,
        audience: Audience,
        patience: &CallOptions,
    ) -> Result<Authorisation> {
        let identity = match audience {
            Audience::Gateway => &self.gateway,
            Audience::ControlPlane | Audience::TokenEndpoint => &self.control,
        };
        let mut authorisation = match (&**identity, audience) {
            (_, Audience::TokenEndpoint) => Authorisation::default(),
            (Identity::Key(key), _) => key.authorisation(audience),
            (Identity::Pool(pool), Audience::Gateway) => pool.for_gateway(caller, patience).await?,
            (Identity::Pool(pool), _) => pool.for_control_plane(caller, patience).await?,
        };
        authorisation.secrets.extend_from_slice(caller.transport.secrets());
        Ok(authorisation)
    }

    /// Forgets tokens that were not accepted.
    pub(crate) fn forget(&self, audience: Audience, refused: &Authorisation) {
        let identity = match audience {
            Audience::Gateway => &self.gateway,
            _ => &self.control,
        };
        let (Identity::Pool(pool), Some(token)) = (&**identity, &refused.renewable) else {
            return;
        };
        pool.sts.forget(token);
        if let Subject::Fetched { slot, .. } = &pool.subject {
            // A machine that slept has let both expire without noticing.
            for secret in &refused.secrets {
                slot.forget(secret);
            }
        }
    }
}

impl Authorisation {
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What must not come back in a message.
    pub(crate) fn secrets(&self) -> &[Secret] {
        &self.secrets
    }

    /// Whether a refusal may only mean that a token has expired.
    pub(crate) fn is_renewable(&self) -> bool {
        self.renewable.is_some()
    }

    /// Whether a refusal may only mean that the API key is too new to work.
    pub(crate) fn may_be_too_new(&self) -> bool {
        self.trial.as_ref().is_some_and(|trial| trial.refused(Instant::now()))
    }

    /// Notes that these credentials were accepted.
    pub(crate) fn accepted(&self) {
        if let Some(trial) = &self.trial {
            trial.accepted();
        }
    }

    /// The sentences for a refusal of these credentials; none where there are none.
    pub(crate) fn not_accepted(&self) -> &'static [&'static str] {
        self.not_accepted
    }
}

impl Identity {
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
            trial: Arc::default(),
        })
    }

    fn authorisation(&self, audience: Audience) -> Authorisation {
        Authorisation {
            headers: HeaderMap::from_iter([(AUTHORIZATION, self.header.clone())]),
            secrets: self.secrets.clone(),
            trial: Some(Arc::clone(&self.trial)),
            not_accepted: not_accepted(self.kind, audience),
            ..Authorisation::default()
        }
    }
}

/// What a refused API key may mean, and what to check.
fn not_accepted(kind: KeyKind, audience: Audience) -> &'static [&'static str] {
    match (kind, audience) {
        (KeyKind::Flink, Audience::Gateway) => {
            &["the Flink API key was not accepted", CHECK_KEY, ONE_REGION, NEW_KEY]
        }
        (KeyKind::Flink, _) => &[
            "the Flink API key was not accepted",
            "the control plane takes a Cloud API key or a global API key",
            ONE_REGION,
        ],
        (KeyKind::Cloud, Audience::Gateway) => &[
            "the Cloud API key was not accepted",
            "the Flink gateway takes a Flink API key or a global API key",
            ONE_REGION,
        ],
        (KeyKind::Cloud, _) => &["the Cloud API key was not accepted", CHECK_KEY, NEW_KEY],
        (KeyKind::Global, _) => &["the global API key was not accepted", CHECK_KEY, NEW_KEY],
        (KeyKind::Unspecified, Audience::Gateway) => {
            &["the API key was not accepted", CHECK_KEY, ONE_REGION, NEW_KEY]
        }
        (KeyKind::Unspecified, _) => &[
            "the API key was not accepted",
            CHECK_KEY,
            "the control plane does not take a Flink API key",
            NEW_KEY,
        ],
    }
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

    async fn for_gateway(&self, caller: &Caller, patience: &CallOptions) -> Result<Authorisation> {
        let external = self.external(caller, patience).await?;
        let mut authorisation = self.bearing(&external)?;
        authorisation.headers.insert(IDENTITY_POOL, self.id.clone());
        Ok(authorisation)
    }

    async fn for_control_plane(
        &self,
        caller: &Caller,
        patience: &CallOptions,
    ) -> Result<Authorisation> {
        let external = self.external(caller, patience).await?;
        let fetch = async {
            let fields = self.sts_form.iter().map(|(name, value)| (*name, value.as_str()));
            let request = Request::post(Audience::TokenEndpoint, self.sts_url.clone())
                .form(fields.chain([("subject_token", external.value.expose())]))
                .hiding([external.value.clone()])
                .repeated(Repeat::Freely);
            fetch(caller, &request, patience, STS_MARGIN).await
        };
        let token = self.sts.get(patience, fetch).await?;
        let mut authorisation = self.bearing(&token)?;
        authorisation.secrets.push(external.value);
        Ok(authorisation)
    }

    async fn external(&self, caller: &Caller, patience: &CallOptions) -> Result<Held> {
        match &self.subject {
            Subject::Given(token) => Ok(Held { value: token.clone(), cached: false }),
            Subject::Fetched { request, slot } => {
                let fetch = fetch(caller, request, patience, EXTERNAL_MARGIN);
                slot.get(patience, fetch).await
            }
        }
    }

    fn bearing(&self, token: &Held) -> Result<Authorisation> {
        let header = sensitive(&format!("Bearer {}", token.value.expose()))?;
        Ok(Authorisation {
            headers: HeaderMap::from_iter([(AUTHORIZATION, header)]),
            secrets: vec![token.value.clone()],
            renewable: token.cached.then(|| token.value.clone()),
            trial: None,
            not_accepted: match self.subject {
                Subject::Given(_) => &[
                    "the external access token was not accepted",
                    "it may have expired, or not belong to the identity pool",
                ],
                Subject::Fetched { .. } => {
                    &["the OAuth token was not accepted", "check that the identity pool accepts it"]
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
    Ok(Request::post(Audience::TokenEndpoint, url)
        .form(fields.into_iter().chain(scope.map(|scope| ("scope", scope))))
        .hiding([oauth.client_secret.clone()])
        .repeated(Repeat::Freely))
}

async fn fetch(
    caller: &Caller,
    request: &Request,
    patience: &CallOptions,
    margin: Duration,
) -> Result<Token> {
    let asked_at = Instant::now();
    // Sending asks for authorisation, which is how this function is reached.
    let answer = Box::pin(caller.send(request, patience)).await;
    let answer = answer.map_err(|error| error.hint("no access token could be fetched"))?;
    Token::read(&answer, asked_at, margin)
}

/// A header that the HTTP library neither logs nor compresses.
fn sensitive(text: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Error::invalid("the credentials hold characters a header cannot"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
