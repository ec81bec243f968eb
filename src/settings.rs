//! The provider block and the environment, as one typed [`Settings`].
//!
//! Each setting stands on its own: the block comes before the environment, and
//! nothing has to be set only because something else is. Values that are not
//! known while planning are tolerated until something needs them.

mod authentication;
mod schema;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use flink_client::{CallOptions, Client, Organization, Place};
use tf_provider::schema::{Given, View, parse_duration};
use tf_provider::{Configure, Diagnostic, Diagnostics, Result};

use tokio::sync::OnceCell;

pub(crate) use self::schema::{schema, setting};
use crate::scope::{PARTS, Scope};

/// What every handler shares.
#[derive(Debug)]
pub struct Settings {
    scope: Scope,
    client: Given<Client>,
    /// Returns true if the credentials are good for the control plane too.
    sees_organizations: bool,
    uses_oauth: bool,
    organization: OnceCell<Option<String>>,
    /// What was said in full of each host.
    said: Mutex<BTreeSet<String>>,
}

impl Settings {
    /// Makes the settings of a provider block and the process's environment.
    pub(crate) async fn configure(cx: &mut Configure) -> Result<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        let user_agent = user_agent(cx.terraform_version(), variable("TF_APPEND_USER_AGENT"));
        let sources = Sources { block: cx.config(), variable: &variable };
        let unusual = unusual_variables(&sources);
        let settings = Self::new(&sources, &user_agent)?;
        unusual.into_iter().for_each(|warning| cx.warn(warning));
        Ok(settings)
    }

    fn new(sources: &Sources<'_>, user_agent: &str) -> Result<Self> {
        let refused = authentication::check(&sources.block);
        if refused.has_errors() {
            return Err(refused);
        }
        let scope = Scope::new(|part| sources.text(part.attribute, part.variable));
        Ok(Self {
            scope,
            client: client(sources, user_agent)?,
            sees_organizations: authentication::sees_organizations(sources),
            uses_oauth: authentication::has_oauth(sources),
            organization: OnceCell::new(),
            said: Mutex::default(),
        })
    }

    /// Where objects live that do not say so themselves.
    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Where an object lives, from what it says of itself and the defaults.
    ///
    /// # Errors
    ///
    /// Names every part that nothing says.
    pub(crate) async fn place(&self, own: [Option<&str>; 4]) -> Result<Place> {
        let [organization, rest @ ..] = own;
        let organization = match organization {
            Some(organization) => Some(organization),
            None => self.only_organization().await,
        };
        let [environment, cloud, region] = rest;
        self.scope.resolve([organization, environment, cloud, region])
    }

    /// The organization, where nothing names it and the credentials can see only
    /// one. It is asked for once.
    pub(crate) async fn only_organization(&self) -> Option<&str> {
        if !self.scope.lacks_organization() || !self.sees_organizations {
            return None;
        }
        let client = self.known_client()?;
        let found = self.organization.get_or_init(|| only_organization(client)).await;
        found.as_deref()
    }

    /// The client, or `None` while a setting that it needs is not known yet.
    pub(crate) fn known_client(&self) -> Option<&Client> {
        match &self.client {
            Given::Known(client) => Some(client),
            Given::Null | Given::Unknown => None,
        }
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// While a setting that it needs is not known yet.
    pub(crate) fn client(&self) -> Result<&Client> {
        self.known_client().ok_or_else(|| {
            Diagnostic::error("The provider's settings are not known yet")
                .detail(
                    "A setting of the provider block depends on something that is only known \
                     after an apply. Apply that first, for instance with `-target`.",
                )
                .into()
        })
    }

    /// What is the same for all objects of a host, in short, where it was said in full
    /// before.
    pub(crate) fn said_before(&self, error: &flink_client::Error) -> Option<String> {
        let what = match (error.is_unreachable(), error.is_unauthenticated()) {
            // What came of this object's own request is no other object's.
            _ if error.outcome_unknown() => return None,
            (true, _) => "cannot be reached",
            (_, true) => "does not accept the credentials",
            _ => return None,
        };
        let short = format!("{} {what}", error.host()?);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = said.insert(short.clone());
        (!is_first).then(|| format!("{short}. Another error of this run says what to check."))
    }

    /// Which settings to check.
    pub(crate) fn hint(&self, error: &flink_client::Error) -> Option<&'static str> {
        match (error.is_unreachable(), error.is_unauthenticated()) {
            (true, _) => Some(
                "The address is made of `cloud` and `region` (FLINK_CLOUD, FLINK_REGION), or set by \
                 `rest_endpoint` (FLINK_REST_ENDPOINT), which private networking needs.",
            ),
            (_, true) if self.uses_oauth => Some(
                "The token comes from the `oauth` block of the provider, and the identity pool is \
                 its `oauth_identity_pool_id`.",
            ),
            (_, true) => Some(
                "The key is `flink_api_key` with `flink_api_secret` (FLINK_API_KEY, \
                 FLINK_API_SECRET), or `cloud_api_key` with `cloud_api_secret` \
                 (CONFLUENT_CLOUD_API_KEY, CONFLUENT_CLOUD_API_SECRET).",
            ),
            _ => None,
        }
    }
}

/// Warnings of parts of the place that the environment sets; those of the block have been
/// checked with it.
fn unusual_variables(sources: &Sources<'_>) -> Diagnostics {
    let unset = PARTS.iter().filter(|part| text(&sources.block, part.attribute).is_null());
    let unusual = unset.filter_map(|part| {
        let usual = part.unusual(&sources.variable(part.variable).known()?)?;
        Some(Diagnostic::warning(format!("Unusual {}", part.variable)).detail(format!(
            "The environment variable {} is usually {usual}. The service may not know this one.",
            part.variable
        )))
    });
    unusual.collect()
}

async fn only_organization(client: &Client) -> Option<String> {
    let patience = CallOptions::at_most(Duration::from_secs(15));
    // Who cannot be asked has no answer: the user is then told what to set.
    let all = client.organizations().within(patience).list(&()).all().await.ok()?;
    match <[Organization; 1]>::try_from(all) {
        Ok([organization]) => Some(organization.id),
        Err(_) => None,
    }
}

/// Where a setting can come from.
struct Sources<'a> {
    block: View<'a>,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Sources<'_> {
    /// A setting of the block, or else of the environment.
    fn text(&self, attribute: &str, variable: &str) -> Given<String> {
        match text(&self.block, attribute) {
            Given::Known(text) => Given::Known(text.to_owned()),
            Given::Unknown => Given::Unknown,
            Given::Null => self.variable(variable),
        }
    }

    fn variable(&self, variable: &str) -> Given<String> {
        let text = (self.variable)(variable).map(|text| text.trim().to_owned());
        text.filter(|text| !text.is_empty()).map_or(Given::Null, Given::Known)
    }
}

/// A text of a block, without white space around it, such as the newline at the end of a
/// file. An empty one is no setting.
fn text<'a>(block: &View<'a>, attribute: &str) -> Given<&'a str> {
    match block.text(attribute) {
        Given::Known(text) if text.trim().is_empty() => Given::Null,
        Given::Known(text) => Given::Known(text.trim()),
        open => open,
    }
}

/// A setting with an environment variable that the client takes as a text.
struct Setting {
    attribute: &'static str,
    variable: &'static str,
    /// The method of the client's builder that takes it.
    method: &'static str,
}

const REST_ENDPOINT: Setting = Setting {
    attribute: "rest_endpoint",
    variable: "FLINK_REST_ENDPOINT",
    method: "rest_endpoint",
};
const CLOUD_ENDPOINT: Setting = Setting {
    attribute: "cloud_endpoint",
    variable: "CONFLUENT_CLOUD_ENDPOINT",
    method: "cloud_endpoint",
};
/// All authorities of a platform together take less than one megabyte.
const LARGEST_CA_BUNDLE: u64 = 16 << 20;

const CA_BUNDLE: Setting =
    Setting { attribute: "ca_bundle", variable: "FLINK_CA_BUNDLE", method: "ca_bundle_pem" };

/// The client, unless something it needs is not known yet.
fn client(sources: &Sources<'_>, user_agent: &str) -> Result<Given<Client>> {
    let mut builder = Client::builder().user_agent(user_agent);
    match authentication::credentials(sources)? {
        Given::Known(credentials) => builder = builder.credentials(credentials),
        Given::Null | Given::Unknown => return Ok(Given::Unknown),
    }
    if let Some(key) = authentication::cloud_key(sources) {
        builder = builder.cloud_credentials(key);
    }
    for setting in [REST_ENDPOINT, CLOUD_ENDPOINT, CA_BUNDLE] {
        let text = match sources.text(setting.attribute, setting.variable) {
            Given::Known(text) => text,
            Given::Null => continue,
            Given::Unknown => return Ok(Given::Unknown),
        };
        builder = match setting.method {
            "rest_endpoint" => builder.rest_endpoint(text),
            "cloud_endpoint" => builder.cloud_endpoint(text),
            _ => builder.ca_bundle_pem(read_ca_bundle(&text)?),
        };
    }
    if let Some(retries) = max_retries(sources)? {
        builder = builder.max_retries(retries);
    }
    if let Some(wait) = max_retry_wait(sources)? {
        builder = builder.max_retry_wait(wait);
    }
    builder.build().map(Given::Known).map_err(|error| unusable(&error).into())
}

/// Says which setting the client cannot use, and where it can be set.
fn unusable(error: &flink_client::Error) -> Diagnostic {
    let settings = [REST_ENDPOINT, CLOUD_ENDPOINT, CA_BUNDLE];
    let told = Diagnostic::error("The provider's settings cannot be used");
    match settings.iter().find(|setting| error.setting() == Some(setting.method)) {
        Some(Setting { attribute, variable, .. }) => {
            told.detail(format!("`{attribute}` ({variable}): {error}.")).at(*attribute)
        }
        None => told.detail(format!("{error}.")),
    }
}

fn read_ca_bundle(path: &str) -> Result<Vec<u8>> {
    let refused = |why: String| {
        Diagnostic::error("Cannot read the CA bundle")
            .detail(format!("`ca_bundle` (FLINK_CA_BUNDLE) names {path}, which {why}."))
            .at("ca_bundle")
    };
    let unreadable = |error| refused(format!("cannot be read: {error}"));
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(refused("is no file".to_owned()).into());
    }
    if about.len() > LARGEST_CA_BUNDLE {
        let most = LARGEST_CA_BUNDLE >> 20;
        return Err(refused(format!("has more than the {most} MB that are read of it")).into());
    }
    std::fs::read(path).map_err(unreadable).map_err(Into::into)
}

fn max_retries(sources: &Sources<'_>) -> Result<Option<u32>> {
    let number = match sources.block.get("max_retries") {
        Given::Known(number) => number.as_i64().map(|number| number.to_string()),
        Given::Unknown => None,
        Given::Null => sources.variable("FLINK_MAX_RETRIES").known(),
    };
    let Some(text) = number else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        Diagnostic::error("Invalid max_retries")
            .detail("`max_retries` (FLINK_MAX_RETRIES) must be a whole number from 0.")
            .at("max_retries")
            .into()
    })
}

fn max_retry_wait(sources: &Sources<'_>) -> Result<Option<Duration>> {
    let Given::Known(text) = sources.text("max_retry_wait", "FLINK_MAX_RETRY_WAIT") else {
        return Ok(None);
    };
    parse_duration(&text).map(Some).ok_or_else(|| {
        Diagnostic::error("Invalid max_retry_wait")
            .detail(
                "`max_retry_wait` (FLINK_MAX_RETRY_WAIT) must be a duration such as 30s, 5m or \
                 1m30s.",
            )
            .at("max_retry_wait")
            .into()
    })
}

/// As Terraform's own providers name themselves to a service.
fn user_agent(terraform_version: &str, appended: Option<String>) -> String {
    let own = concat!("terraform-provider-flink/", env!("CARGO_PKG_VERSION"));
    let agent = format!("Terraform/{terraform_version} (+https://www.terraform.io) {own}");
    match appended.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) {
        Some(appended) => format!("{agent} {appended}"),
        None => agent,
    }
}

#[cfg(test)]
mod tests;
