//! Reads: one object by its key, directly or from a list that was fetched moments ago.

use std::time::SystemTime;

use http::Method;
use tracing::debug;

use super::absence;
use super::noun::{Managed, Noun};
use super::objects::Objects;
use crate::error::{Error, Kind, Result};

/// An object and the time at which it was read.
pub(super) struct Seen<N> {
    pub(super) object: N,
    /// The server's clock, if the response has it.
    pub(super) clock: Option<SystemTime>,
}

impl<N: Noun> Objects<N> {
    /// The object of this name or id, or `None` if the API says that there is none.
    ///
    /// # Errors
    ///
    /// Besides the usual ones: a 404 that is not the API's own, such as the page of a
    /// proxy, and a response that holds no such object or another one. A missing permission
    /// is an error ([`Error::is_forbidden`]) and never `None`.
    pub async fn find(&self, key: &str) -> Result<Option<N>> {
        let seen = self.look_up(key).await?;
        Ok(seen.map(|seen| seen.object))
    }

    /// The object of this name or id, which must exist; see [`Objects::find`].
    ///
    /// # Errors
    ///
    /// As [`Objects::find`], and [`Error::is_not_found`] if there is none.
    pub async fn get(&self, key: &str) -> Result<N> {
        let absent = || Error::new(Kind::Absent, format!("the {} `{key}` does not exist", N::NAME));
        self.find(key).await?.ok_or_else(absent)
    }

    /// Reads an object and the server's clock.
    pub(super) async fn look_up(&self, key: &str) -> Result<Option<Seen<N>>> {
        let request = self.request(Method::GET, Some(key))?;
        let response = match self.send(&request).await {
            Ok(response) => response,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) if absence::is_inconclusive(&error) => {
                return absence::confirm(self, key, error).await.map(|()| None);
            }
            Err(error) => return Err(self.explained(error)),
        };
        let noun = N::NAME;
        let object = self
            .read(response.body()?)
            .map_err(|why| response.unusable(&format!("and something that is no {noun}: {why}")))?;
        if object.key() != key {
            // The other name is not repeated: nothing of a success is redacted.
            return Err(response.unusable(&format!("and another {noun} than `{key}`")));
        }
        Ok(Some(Seen { object, clock: response.server_clock() }))
    }
}

impl<N: Managed> Objects<N> {
    /// As [`Objects::find`], for callers that read many objects they know. Where several
    /// are read within seconds, some are answered from a list that was fetched within
    /// the last seconds, and fewer requests are sent.
    ///
    /// A list is evidence only of an object that it shows as `known`. An object that the
    /// list lacks or shows otherwise is read by a request of its own.
    ///
    /// # Errors
    ///
    /// As [`Objects::find`]. A list that fails is no error.
    pub async fn refresh(&self, key: &str, known: &N::Known) -> Result<Option<N>> {
        let mut read = self.reads.begin(key, N::key, || self.list_all());
        if let Some(listed) = read.listed(&self.options).await
            && listed.confirms(known)
        {
            debug!(name = key, "answered from a list that has just been fetched");
            return Ok(Some(self.redacted(listed)));
        }
        read.requests_itself();
        self.find(key).await
    }
}
