//! The provider block and the environment, as one typed [`Settings`].
//!
//! `table` has a row for each setting, `sources` reads a row from block and environment,
//! and `authentication` decides which credentials are used. Knows no resource.

mod authentication;
mod sources;
mod table;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use flink_client::{CallOptions, Client, Organization};
use tf_provider::schema::{Given, Nesting, Schema, block};
use tf_provider::{Configure, Diagnostic, Result};
use tokio::sync::OnceCell;

use self::sources::Sources;
use self::table::{CA_BUNDLE, MAX_RETRIES, MAX_RETRY_WAIT};
pub(crate) use self::table::{
    CLOUD, CLOUD_API_KEY, CLOUD_API_SECRET, CLOUD_ENDPOINT, FLINK_API_KEY, FLINK_API_SECRET,
    ORGANIZATION, PLACE, REGION, REST_ENDPOINT, Setting, same_cloud,
};

/// The size in bytes up to which a CA bundle is read. All authorities of a platform
/// together take less than one megabyte.
const LARGEST_CA_BUNDLE: u64 = 16 << 20;

/// The time that finding the organization may take.
const ORGANIZATION_TIME: Duration = Duration::from_secs(15);

/// The provider block.
pub(crate) fn schema() -> Schema {
    let oauth = block("oauth", Nesting::Single)
        .describe("Authenticates with a token of an identity provider instead of an API key.");
    let oauth = table::OAUTH.iter().fold(oauth, |block, row| block.attribute(row.attribute()));
    Schema::provider(
        "Manages connections of Confluent Cloud for Apache Flink. Every argument outside of the \
         `oauth` block has an environment variable.",
    )
    .attributes(table::BLOCK.iter().map(|row| row.attribute()))
    .block(oauth)
    .check(authentication::check)
}

/// The state that all handlers share.
#[derive(Debug)]
pub struct Settings {
    /// The place of objects that do not name one, part by part.
    place: [Given<String>; 4],
    client: Given<Client>,
    has_control_plane: bool,
    uses_oauth: bool,
    organization: OnceCell<Option<String>>,
    /// The errors that were reported in full, each in short.
    reported: Mutex<BTreeSet<String>>,
}

impl Settings {
    /// Makes the settings of a provider block and the process's environment.
    pub(crate) async fn configure(cx: &mut Configure) -> Result<Self> {
        let variable = |name: &str| std::env::var(name).ok();
        let user_agent = user_agent(cx.terraform_version(), variable("TF_APPEND_USER_AGENT"));
        let sources = Sources { block: cx.config(), variable: &variable };
        let warnings: Vec<_> = PLACE.iter().filter_map(|part| sources.unusual(part)).collect();
        let settings = Self::new(&sources, &user_agent)?;
        warnings.into_iter().for_each(|warning| cx.warn(warning));
        Ok(settings)
    }

    /// Makes the settings of two sources. No request is sent: Terraform configures the
    /// provider several times per command, also where nothing is read.
    fn new(sources: &Sources<'_>, user_agent: &str) -> Result<Self> {
        let refused = authentication::check(&sources.block);
        if refused.has_errors() {
            return Err(refused);
        }
        let [organization, environment, cloud, region] = PLACE;
        let part = |setting| sources.get(setting);
        Ok(Self {
            place: [part(organization)?, part(environment)?, part(cloud)?, part(region)?],
            client: client(sources, user_agent)?,
            has_control_plane: authentication::has_control_plane(sources),
            uses_oauth: authentication::has_oauth(sources),
            organization: OnceCell::new(),
            reported: Mutex::default(),
        })
    }

    /// The parts of a place with the provider's defaults, from the outside in.
    pub(crate) fn place(&self) -> impl Iterator<Item = (&'static Setting, &Given<String>)> {
        PLACE.into_iter().zip(&self.place)
    }

    /// Returns true if a part of the place is set and not known yet.
    pub(crate) fn is_place_undecided(&self) -> bool {
        self.place.iter().any(Given::is_unknown)
    }

    /// The organization, where no setting names it and the credentials can see only one.
    /// It is asked for once.
    pub(crate) async fn only_organization(&self) -> Option<&str> {
        let [organization, ..] = &self.place;
        if !organization.is_null() || !self.has_control_plane {
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

    /// Returns true if the credentials come from the `oauth` block.
    pub(crate) fn uses_oauth(&self) -> bool {
        self.uses_oauth
    }

    /// Returns true if this error is reported for the first time. `short` is the same for
    /// every object that it concerns.
    pub(crate) fn is_first_report(&self, short: &str) -> bool {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).insert(short.to_owned())
    }
}

/// The organization that the credentials can see, if it is the only one.
async fn only_organization(client: &Client) -> Option<String> {
    let options = CallOptions::at_most(ORGANIZATION_TIME);
    // An error is no answer: the user is then asked to set the organization.
    let all = client.organizations().within(options).list(&()).all().await.ok()?;
    match <[Organization; 1]>::try_from(all) {
        Ok([organization]) => Some(organization.id),
        Err(_) => None,
    }
}

/// The client, unless a setting that it needs is not known yet.
fn client(sources: &Sources<'_>, user_agent: &str) -> Result<Given<Client>> {
    let mut builder = Client::builder().user_agent(user_agent);
    match authentication::credentials(sources)? {
        Given::Known(credentials) => builder = builder.credentials(credentials),
        Given::Null | Given::Unknown => return Ok(Given::Unknown),
    }
    if let Some(key) = authentication::cloud_key(sources) {
        builder = builder.cloud_credentials(key);
    }
    let (rest, cloud) = (sources.get(&REST_ENDPOINT)?, sources.get(&CLOUD_ENDPOINT)?);
    let bundle = sources.get(&CA_BUNDLE)?;
    if rest.is_unknown() || cloud.is_unknown() || bundle.is_unknown() {
        return Ok(Given::Unknown);
    }
    if let Given::Known(template) = rest {
        builder = builder.rest_endpoint(template);
    }
    if let Given::Known(url) = cloud {
        builder = builder.cloud_endpoint(url);
    }
    if let Given::Known(path) = bundle {
        builder = builder.ca_bundle_pem(read_ca_bundle(&path)?);
    }
    if let Given::Known(retries) = sources.get(&MAX_RETRIES)? {
        builder = builder.max_retries(retries);
    }
    if let Given::Known(wait) = sources.get(&MAX_RETRY_WAIT)? {
        builder = builder.max_retry_wait(wait);
    }
    builder.build().map(Given::Known).map_err(|error| unusable(&error).into())
}

/// The error of settings that have their form and that the client cannot use. The only
/// one of them that it reads further is the CA bundle.
fn unusable(error: &flink_client::Error) -> Diagnostic {
    let refused = Diagnostic::error("The provider's settings cannot be used");
    match error.setting() {
        Some("ca_bundle_pem") => {
            refused.detail(format!("{}: {error}.", CA_BUNDLE.names())).at(CA_BUNDLE.argument)
        }
        _ => refused.detail(format!("{error}.")),
    }
}

/// The content of a CA bundle. Only a file of a sane size is read: a device or a pipe would
/// never end.
fn read_ca_bundle(path: &str) -> Result<Vec<u8>> {
    let refused = |why: String| {
        Diagnostic::error("Cannot read the CA bundle")
            .detail(format!("{} names {path}, which {why}.", CA_BUNDLE.names()))
            .at(CA_BUNDLE.argument)
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

/// The `User-Agent` header, in the form that Terraform's own providers use.
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
