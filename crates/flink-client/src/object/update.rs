//! Updates against a version.
//!
//! The version in the request keeps two writers from overwriting each other unnoticed. A
//! write without a response may have moved the version, so the object is read before the
//! write is repeated.

use http::Method;
use tracing::warn;

use super::absence;
use super::noun::Managed;
use super::objects::Objects;
use crate::call::ApiResponse;
use crate::error::{Error, Kind, Result};
use crate::request::Repeat;
use crate::transport::CHECK_PROXIES;

/// The most times that a stale version is replaced by a newer one.
const MOST_CONFLICTS: u32 = 3;

/// The object after a write that had a successful response.
enum Written<N> {
    /// The API accepted the write.
    Certainly(N),
    /// A third party responded, and the version has moved: by this write or by that of
    /// another writer.
    Maybe(N),
}

impl<N: Managed> Objects<N> {
    /// Writes the changeable fields of an object, its secrets among them: with one request
    /// where all goes well. `version` is the one that the caller last saw.
    ///
    /// After a conflict of versions the object is read and, if it is still the same, the
    /// write is repeated against its new version.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is no object of this name, [`Error::is_conflict`]
    /// if it is another one or keeps changing, and [`Error::outcome_unknown`] if the server
    /// may have carried out the write.
    pub async fn update(&self, spec: &N::Spec, version: Option<&str>) -> Result<N> {
        let wanted = N::written(spec);
        let _writing = self.reads.writing(wanted.key());
        self.hiding(N::secrets(spec)).write(spec, &wanted, version.map(str::to_owned)).await
    }

    /// As [`Objects::update`], for a collection that redacts the secrets of `spec`.
    pub(super) async fn write(
        &self,
        spec: &N::Spec,
        wanted: &N,
        mut version: Option<String>,
    ) -> Result<N> {
        let (mut unconfirmed, mut conflicts) = (0, 0);
        // Stays true after later refusals: they concern other requests.
        let mut outcome_unknown = false;
        let mut repeated = false;
        loop {
            let request = self.request(Method::PUT, Some(wanted.key()))?;
            let request = request.repeated(Repeat::OnlyIfUnprocessed);
            let request = request.json(&N::body(spec, version.as_deref()))?;
            let error = match self.send(&request).await {
                Ok(response) => match self.updated(wanted, version, &response).await? {
                    Written::Maybe(seen) if !repeated => {
                        repeated = true;
                        version = seen.version().map(str::to_owned);
                        continue;
                    }
                    Written::Certainly(object) | Written::Maybe(object) => return Ok(object),
                },
                Err(error) => error,
            };
            let over = error.is_cancelled() || error.is_deadline();
            let is_unconfirmed = error.outcome_unknown();
            outcome_unknown |= is_unconfirmed;
            let error = error.with_outcome_unknown(outcome_unknown);
            if !over && error.is_conflict() && conflicts < MOST_CONFLICTS {
                conflicts += 1;
            } else if !over && is_unconfirmed && unconfirmed < self.sender.max_retries() {
                unconfirmed += 1;
                self.sender.back_off(&request, &self.options, unconfirmed, error.clone()).await?;
            } else {
                return Err(self.explained(error));
            }
            let seen = self.same_object(wanted).await;
            let seen = seen.map_err(|look| look_failed(error.clone(), look))?;
            if error.is_conflict() && version.is_some() && seen.version() == version.as_deref() {
                // Not a conflict of versions, so it would be refused again.
                return Err(error);
            }
            version = seen.version().map(str::to_owned);
        }
    }

    /// The object after a successful response, from its body if that has it.
    ///
    /// An accepted write is done, so a failure to read the object back does not fail the
    /// call, unless a third party may have accepted it. Reading back is neither waiting nor
    /// repeating, so a cancellation does not stop it.
    async fn updated(
        &self,
        wanted: &N,
        version: Option<String>,
        response: &ApiResponse,
    ) -> Result<Written<N>> {
        let shown = response.body().ok().and_then(|body| self.read(body).ok());
        let shown = shown.filter(|object| object.key() == wanted.key());
        if let Some(object) = &shown
            && object.version().is_some()
        {
            return Ok(Written::Certainly(object.clone()));
        }
        let shows_another = shown.is_none() && !response.lacks_body() && version.is_some();
        let may_be_foreign = response.is_foreign() || shows_another;
        let known = shown.or_else(|| response.lacks_body().then(|| wanted.clone()));
        let noun = N::NAME;
        match (self.uninterrupted().same_object(wanted).await, known) {
            (Ok(seen), _) if may_be_foreign && seen.version() == version.as_deref() => {
                let why = format!("by something else than the API, and the {noun} is as it was");
                Err(response.unusable(&why).hint(CHECK_PROXIES))
            }
            (Ok(seen), _) if response.is_foreign() => Ok(Written::Maybe(seen)),
            (Ok(seen), _) => Ok(Written::Certainly(seen)),
            (Err(look), Some(object)) if !look.is_conflict() && !look.is_not_found() => {
                warn!(
                    "the {noun} `{}` was updated but could not be read back; its version is not known yet",
                    wanted.key()
                );
                Ok(Written::Certainly(object))
            }
            (Err(look), _) => Err(response
                .unusable(&format!("but the {noun} cannot be read back"))
                .with_outcome_unknown(true)
                .because(look)),
        }
    }

    /// Reads an object that has to be the same as `wanted`.
    async fn same_object(&self, wanted: &N) -> Result<N> {
        let (noun, key) = (N::NAME, wanted.key());
        let Some(seen) = self.look_up(key).await? else {
            return Err(Error::new(
                Kind::Absent,
                format!("the {noun} `{key}` does not exist any more"),
            ));
        };
        let identity = wanted.identity();
        if seen.object.identity() == identity {
            return Ok(seen.object);
        }
        let names: Vec<_> = identity.into_iter().map(|(name, _)| name).collect();
        let names = names.join(" or ");
        let what = format!("the {noun} `{key}` is another one now, with another {names}");
        Err(Error::new(Kind::Conflict, what))
    }
}

/// The error of a write after which the object could not be read, or was not the same.
fn look_failed(write: Error, look: Error) -> Error {
    if look.is_not_found() || look.is_conflict() {
        return look.with_outcome_unknown(write.outcome_unknown()).because(write);
    }
    absence::unread(write, look)
}
