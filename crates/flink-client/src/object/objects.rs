//! A collection of objects, and the options of calls to it.

use std::fmt;
use std::sync::Arc;

use http::Method;
use url::Url;

use super::noun::{Collection, Noun, Server};
use crate::auth::ApiSender;
use crate::call::ApiResponse;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::page::Pager;
use crate::read_batch::ReadBatch;
use crate::request::{Audience, Request};
use crate::secret::{Redactor, Secret};
use crate::transport;
use crate::types::CallOptions;

/// The objects of one noun in one part of the API.
///
/// Made by a method of [`Client`], such as [`Client::connections`]; cheap to clone.
#[derive(Clone)]
pub struct Objects<N: Noun> {
    pub(super) sender: Arc<ApiSender>,
    pub(super) reads: Arc<ReadBatch<N>>,
    pub(super) audience: Audience,
    /// An error in place of the address is reported by each call.
    collection: Result<Url>,
    pub(super) options: CallOptions,
    /// Secrets that the server may repeat.
    hidden: Vec<Secret>,
}

impl<N: Noun> Objects<N> {
    pub(crate) fn new(client: &Client, scope: &N::Scope) -> Self {
        let Collection { server, path } = N::collection(scope);
        let (audience, base) = match server {
            Server::Gateway(place) => (Audience::Gateway, client.inner.gateway.at(place)),
            Server::ControlPlane => {
                (Audience::ControlPlane, Ok(client.inner.control_plane.clone()))
            }
        };
        let collection = base.and_then(|base| base.join(&path));
        let reads = match &collection {
            Ok(url) => client.inner.reads.of(url),
            Err(_) => Arc::default(),
        };
        let sender = Arc::clone(&client.inner.sender);
        let options = CallOptions::default();
        Self { sender, reads, audience, collection, options, hidden: Vec::new() }
    }

    /// Sets the options of each of the following calls.
    #[must_use]
    pub fn within(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Returns the same collection for calls about an object that has these secrets. They
    /// are redacted wherever the API repeats them: in errors and in the free text of an
    /// object. Calls that send secrets redact those by themselves.
    #[must_use]
    pub fn hiding(&self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        Self { hidden: secrets.into_iter().collect(), ..self.clone() }
    }

    /// The objects of the collection, 100 a page.
    #[must_use]
    pub fn list(&self, filter: &N::Filter) -> Pager<N> {
        let request = self.request(Method::GET, None);
        let query = N::query(filter);
        let request = request.map(|request| {
            query.iter().fold(request, |request, (name, value)| request.query(name, value))
        });
        self.pager(request)
    }

    /// All objects of the collection.
    pub(super) fn list_all(&self) -> Pager<N> {
        self.pager(self.request(Method::GET, None))
    }

    fn pager(&self, request: Result<Request>) -> Pager<N> {
        Pager::new(Arc::clone(&self.sender), self.options.clone(), request, N::read)
    }

    /// The same collection for a call that a cancellation does not stop.
    pub(super) fn uninterrupted(&self) -> Self {
        let options = CallOptions { deadline: self.options.deadline, ..CallOptions::default() };
        self.clone().within(options)
    }

    /// A request about the collection, or about one object of it.
    pub(super) fn request(&self, method: Method, key: Option<&str>) -> Result<Request> {
        let collection = self.collection.clone()?;
        let url = match key {
            Some(key) => crate::endpoint::below(&collection, key)?,
            None => collection,
        };
        Ok(Request::new(method, self.audience, url).hiding(self.hidden.clone()))
    }

    pub(super) async fn send(&self, request: &Request) -> Result<ApiResponse> {
        self.sender.send(request, &self.options).await
    }

    /// Reads the object in a body; `Err` says what is missing.
    pub(super) fn read(&self, body: &[u8]) -> Result<N, String> {
        N::read(transport::json(body)?).map(|object| self.redacted(object))
    }

    /// The object without secrets in its free text.
    pub(super) fn redacted(&self, mut object: N) -> N {
        if let Some(text) = object.free_text() {
            let redactor = Redactor::new(self.hidden.iter().map(Secret::expose));
            *text = redactor.clean(text).into_owned();
        }
        object
    }

    /// Adds the advice for a 404 that is not the API's own.
    pub(super) fn explained(&self, error: Error) -> Error {
        if error.status() != Some(404) || error.is_not_found() {
            return error;
        }
        let settings = match self.audience {
            Audience::Gateway => "the REST endpoint, the cloud and the region",
            Audience::ControlPlane | Audience::TokenEndpoint => "the control plane's endpoint",
        };
        error.hint(format!(
            "this is not how the API says that an object does not exist; check {settings}"
        ))
    }
}

impl<N: Noun> fmt::Debug for Objects<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects")
            .field("noun", &N::NAME)
            .field("url", &self.collection.as_ref().map(Url::as_str))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
