//! Connections: where an external service is, and how to authenticate to it.
//!
//! Follows "Connections (sql/v1)" of the Flink gateway's description. The credentials
//! of a connection can be written and not read: whatever an answer has in their place
//! is skipped unread. The rules for lost answers and conflicts are in `create` and
//! `update`, the question whether an object is gone in `absence`.

mod absence;
mod create;
mod update;
mod wire;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::call::Answer;
use crate::client::Client;
use crate::coalesce::{Named, Reads, Source};
use crate::error::{Error, Kind, Result};
use crate::page::Pager;
use crate::request::{Audience, Request};
use crate::secret::{Redactor, Secret};
pub use crate::types::Connection;
use crate::types::{CallOptions, Place};

/// The credentials of a connection: the keys of the payload and their values.
///
/// `Debug` shows the keys. Values given with [`AuthData::plain`] are shown as well
/// and may appear in messages; all others are secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthData(BTreeMap<String, Value>);

/// A value of the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Secret(Secret),
    Plain(String),
}

/// What a new connection is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnection {
    /// The name, 1 to 100 characters without a slash.
    pub name: String,
    /// The type, such as `OPENAI`, as the API spells it.
    pub connection_type: String,
    /// Where the external service is, at most 16,384 characters.
    pub endpoint: String,
    /// The credentials, at most 4,000 bytes.
    pub auth_data: AuthData,
}

/// New credentials for a connection. Name, type and endpoint cannot change; they say
/// which object is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The name.
    pub name: String,
    /// The type the connection has.
    pub connection_type: String,
    /// The endpoint the connection has, as the API tells it.
    pub endpoint: String,
    /// The credentials it gets.
    pub auth_data: AuthData,
    /// The version the caller last saw, where it saw one.
    pub resource_version: Option<String>,
}

/// What a list of connections is restricted to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only connections of this type, as the API spells it.
    pub connection_type: Option<String>,
}

/// The connections of one place.
///
/// Made by [`Client::connections`]; cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections {
    client: Client,
    place: Place,
    patience: CallOptions,
    reads: Arc<Reads<Connection>>,
    /// Credentials that nothing which is told may repeat.
    hidden: Vec<Secret>,
}

impl Connections {
    pub(crate) fn new(client: Client, place: Place) -> Self {
        let reads = client.inner.connection_reads.at(&place);
        Self { client, place, patience: CallOptions::default(), reads, hidden: Vec::new() }
    }

    /// Sets how long each of the following calls may take and what ends it early.
    #[must_use]
    pub fn within(mut self, patience: CallOptions) -> Self {
        self.patience = patience;
        self
    }

    /// The same connections for calls about one that has these credentials: wherever the
    /// API repeats them, in an error or in [`Connection::detail`], they are taken out.
    /// Calls that send credentials do that by themselves.
    #[must_use]
    pub fn hiding(&self, auth_data: &AuthData) -> Self {
        Self { hidden: auth_data.secrets(), ..self.clone() }
    }

    /// The same connections for a call that cancelling does not stop.
    fn uninterrupted(&self) -> Self {
        let patience = CallOptions { deadline: self.patience.deadline, ..CallOptions::default() };
        self.clone().within(patience)
    }

    /// The connection of this name, or `None` where the API says that there is none.
    ///
    /// # Errors
    ///
    /// Besides the usual ones: a 404 that is not the API's own, such as the page of a
    /// proxy, and an answer that is no connection or another one. A missing permission
    /// is an error ([`Error::is_forbidden`]) and never `None`.
    pub async fn find(&self, name: &str) -> Result<Option<Connection>> {
        let seen = absence::look_up(self, name).await?;
        Ok(seen.map(|seen| seen.connection))
    }

    /// As [`Connections::find`], for callers that look at many objects they know: where
    /// several are asked for in short order, some are answered from a list of the place
    /// that was fetched within the last seconds, and fewer requests are sent.
    ///
    /// A list is never believed that an object is gone, nor what `is_expected` does not
    /// agree to; then the object itself is asked for.
    ///
    /// # Errors
    ///
    /// As [`Connections::find`]. A list that cannot be had is no error.
    pub async fn refresh(
        &self,
        name: &str,
        is_expected: impl Fn(&Connection) -> bool,
    ) -> Result<Option<Connection>> {
        let found = self.reads.read(self, name, is_expected).await?;
        Ok(found.map(|connection| self.shown(connection)))
    }

    /// The connection of this name, which must exist; see [`Connections::find`].
    ///
    /// # Errors
    ///
    /// As [`Connections::find`], and [`Error::is_not_found`] where there is none.
    pub async fn get(&self, name: &str) -> Result<Connection> {
        match self.find(name).await? {
            Some(connection) => Ok(connection),
            None => {
                Err(Error::new(Kind::Absent, format!("the connection `{name}` does not exist")))
            }
        }
    }

    /// Makes a connection, with one request where all goes well.
    ///
    /// When the answer is lost, the client looks before it sends again, and takes over
    /// an object only if it has the same type and endpoint and was made during this
    /// call. Parts that the API does not tell afterwards are `None`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] when a connection of this name exists, with
    /// [`Error::location`] where the API names it. [`Error::outcome_unknown`] when it
    /// may have been made; [`Error::left_behind`] when it certainly was.
    pub async fn create(&self, new: &NewConnection) -> Result<Connection> {
        let _writing = self.reads.writing(&new.name);
        create::create(&self.hiding(&new.auth_data), new).await
    }

    /// What a [`Connections::create`] has made that ended in doubt
    /// ([`Error::outcome_unknown`]): the connection of this name, if it has this type and
    /// endpoint and was made during that call, or soon after it by a request that was
    /// still on its way. `ago` says how long ago the call ended and how long ago it began.
    ///
    /// Whose a connection is that does not tell when it was made cannot be known, so it
    /// counts as someone else's.
    ///
    /// # Errors
    ///
    /// As [`Connections::find`].
    pub async fn find_lost(
        &self,
        name: &str,
        connection_type: &str,
        endpoint: &str,
        ago: RangeInclusive<Duration>,
    ) -> Result<Option<Connection>> {
        let made = Connection::named(name, connection_type, endpoint);
        create::find_lost(self, &made, &ago).await
    }

    /// Gives a connection new credentials, with one request where all goes well.
    ///
    /// A stale version is answered by looking at the object and, if it still has the
    /// same type and endpoint, sending again from there.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] when there is none of this name, [`Error::is_conflict`]
    /// when it is another one or keeps changing, and [`Error::outcome_unknown`] when
    /// the server may have taken the new credentials.
    pub async fn update(&self, update: &Update) -> Result<Connection> {
        let _writing = self.reads.writing(&update.name);
        update::update(&self.hiding(&update.auth_data), update).await
    }

    /// Removes the connection of this name. That it is gone already is a success.
    ///
    /// # Errors
    ///
    /// [`Error::outcome_unknown`] when it may have been removed.
    pub async fn delete(&self, name: &str) -> Result<()> {
        let _writing = self.reads.writing(name);
        let request = self.request(Request::delete, Some(name))?;
        match self.send(&request).await {
            Ok(answer) if absence::is_doubtful(&answer, name) => {
                absence::certain(self, name, &answer).await
            }
            Ok(_) => Ok(()),
            Err(error) if error.is_not_found() => Ok(()),
            Err(error) if absence::is_inconclusive(&error) => {
                absence::confirmed(self, name, error).await
            }
            Err(error) => Err(absence::explained(error)),
        }
    }

    /// The connections of the place, 100 a page.
    #[must_use]
    pub fn list(&self, filter: &Filter) -> Pager<Connection> {
        let request = self.request(Request::get, None);
        let request = request.map(|request| match &filter.connection_type {
            Some(kind) => request.query("spec.connection_type", kind),
            None => request,
        });
        Pager::new(self.client.clone(), self.patience.clone(), request, wire::from_value)
    }

    /// A request about all connections of the place, or about one of them.
    fn request(&self, make: fn(Audience, Url) -> Request, name: Option<&str>) -> Result<Request> {
        let mut path = vec![
            "sql",
            "v1",
            "organizations",
            &self.place.organization,
            "environments",
            &self.place.environment,
            "connections",
        ];
        path.extend(name);
        let url = self.client.inner.rest.at(&self.place)?.join(&path)?;
        Ok(make(Audience::Gateway, url).hiding(self.hidden.clone()))
    }

    /// Reads the connection in an answer; `Err` says what is missing.
    fn told(&self, answer: &[u8]) -> Result<Connection, String> {
        wire::read(answer).map(|connection| self.shown(connection))
    }

    /// What may be shown of a connection.
    fn shown(&self, mut connection: Connection) -> Connection {
        if let Some(detail) = &mut connection.detail {
            let redactor = Redactor::new(self.hidden.iter().map(Secret::expose));
            *detail = redactor.clean(detail).into_owned();
        }
        connection
    }

    async fn send(&self, request: &Request) -> Result<Answer> {
        self.client.inner.caller.send(request, &self.patience).await
    }
}

impl Source for Connections {
    type Object = Connection;

    async fn one(&self, name: &str) -> Result<Option<Connection>> {
        self.find(name).await
    }

    fn list(&self) -> Pager<Connection> {
        Self::list(self, &Filter::default())
    }

    fn patience(&self) -> &CallOptions {
        &self.patience
    }
}

impl Named for Connection {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Connection {
    /// A connection of which nothing else is known.
    fn named(name: &str, connection_type: &str, endpoint: &str) -> Self {
        Self {
            name: name.to_owned(),
            connection_type: connection_type.to_owned(),
            endpoint: endpoint.to_owned(),
            ..Self::default()
        }
    }
}

impl AuthData {
    /// No credentials at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret under its key in the payload, such as `API_KEY`.
    #[must_use]
    pub fn secret(mut self, key: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.0.insert(key.into(), Value::Secret(value.into()));
        self
    }

    /// Adds a value that is no secret, such as `TRANSPORT_TYPE`.
    #[must_use]
    pub fn plain(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(key.into(), Value::Plain(value.into()));
        self
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<Secret>> FromIterator<(K, V)> for AuthData {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        pairs.into_iter().fold(Self::new(), |data, (key, value)| data.secret(key, value))
    }
}

#[cfg(test)]
mod tests;
