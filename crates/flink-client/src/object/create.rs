//! Creation, exactly once.
//!
//! A POST without a response may have worked. Repeating it blindly ends in a conflict with
//! one's own object, and adopting whatever is there may adopt that of a third party. So the
//! client reads first. It considers an object its own only if it is the requested one and was
//! created during the call, by the server's clock.

use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use http::Method;
use jiff::Timestamp;
use tokio::time::Instant;
use tracing::warn;

use super::absence;
use super::find::Seen;
use super::noun::Managed;
use super::objects::Objects;
use crate::call::ApiResponse;
use crate::error::{Error, Kind, Result};

/// The uncertainty of an age: servers report both times in whole seconds.
const SLACK: Duration = Duration::from_secs(2);

/// The time after the end of a call in which the server may still carry out its request.
const LATE: Duration = Duration::from_secs(60);

impl<N: Managed> Objects<N> {
    /// Creates an object, with one request where all goes well.
    ///
    /// After a request without a response, the client reads the object before it repeats
    /// the request. It adopts an object only if that has the requested identity and was
    /// created during this call. Fields that the API does not report are `None`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] if an object of this name exists. [`Error::outcome_unknown`] if
    /// it may have been created; [`Error::left_behind`] if it certainly was.
    pub async fn create(&self, spec: &N::Spec) -> Result<N> {
        let wanted = N::written(spec);
        let _writing = self.reads.writing(wanted.key());
        let objects = self.hiding(N::secrets(spec));
        Creation { objects, spec, wanted: &wanted, begun: Instant::now() }.run().await
    }

    /// Finds the object left by an unconfirmed create, whose outcome is unknown
    /// ([`Error::outcome_unknown`]). Never returns that of a third party: the object must
    /// have the identity of `wanted` and have been created during that call, or soon after it by a
    /// request that was still in flight. `ago` is the time since the end of the call, up to
    /// the time since its beginning.
    ///
    /// An object without a time of creation counts as that of a third party.
    ///
    /// # Errors
    ///
    /// As [`Objects::find`].
    pub async fn find_unconfirmed(
        &self,
        wanted: &N,
        ago: RangeInclusive<Duration>,
    ) -> Result<Option<N>> {
        let age = ago.start().saturating_sub(LATE)..=*ago.end();
        let seen = self.look_up(wanted.key()).await?;
        let ours = seen.filter(|seen| {
            seen.object.identity() == wanted.identity() && is_of_age(seen, &age) == Some(true)
        });
        Ok(ours.map(|seen| seen.object))
    }
}

/// One call of [`Objects::create`].
struct Creation<'a, N: Managed> {
    /// Redacts the secrets of `spec`.
    objects: Objects<N>,
    spec: &'a N::Spec,
    wanted: &'a N,
    begun: Instant,
}

impl<N: Managed> Creation<'_, N> {
    async fn run(&self) -> Result<N> {
        let objects = &self.objects;
        let request = objects.request(Method::POST, None)?.json(&N::body(self.spec, None))?;
        let max_retries = objects.sender.max_retries();
        let mut unconfirmed = 0;
        // A refused request is over; one without a response may still be in flight,
        // whatever the outcome of later ones.
        let mut unanswered = false;
        loop {
            let error = match objects.send(&request).await {
                Ok(response) => return self.created(&response).await,
                Err(error) => error,
            };
            let own_conflict = error.is_conflict() && unconfirmed > 0;
            let over = error.is_cancelled() || error.is_deadline();
            let is_unconfirmed = error.outcome_unknown();
            if over || !(is_unconfirmed || own_conflict) {
                return Err(objects
                    .explained(error)
                    .with_outcome_unknown(is_unconfirmed || unanswered));
            }
            unconfirmed += 1;
            unanswered |= is_unconfirmed && error.status().is_none();
            let last = unconfirmed > max_retries;
            if !last && !error.is_conflict() {
                let cause = error.clone();
                objects.sender.back_off(&request, &objects.options, unconfirmed, cause).await?;
            }
            match objects.look_up(self.wanted.key()).await {
                Err(look) => return Err(absence::unread(error, look).with_outcome_unknown(true)),
                Ok(Some(seen)) => return self.adopt(seen, error).await,
                Ok(None) if last => return Err(error.with_outcome_unknown(unanswered)),
                Ok(None) => {}
            }
        }
    }

    /// The object after a POST that was accepted, from the response if that has it all.
    ///
    /// An accepted object exists, so a later failure does not fail the call, unless a third
    /// party may have accepted it. Reading back is neither waiting nor repeating, so a
    /// cancellation does not stop it.
    async fn created(&self, response: &ApiResponse) -> Result<N> {
        let (noun, name) = (N::NAME, self.wanted.key());
        let shown = response.body().ok().and_then(|body| self.objects.read(body).ok());
        let shown = shown.filter(|object| object.key() == name);
        if let Some(object) = &shown
            && object.uid().is_some()
            && object.version().is_some()
        {
            return Ok(object.clone());
        }
        let bare = response.status() == 201 && response.lacks_body();
        let known = shown.or_else(|| bare.then(|| self.wanted.clone()));
        let look = self.objects.uninterrupted().look_up(name).await;
        let malformed = || response.unusable(&format!("and something that is no {noun}"));
        match (look, known) {
            // The API may spell what it accepted differently when it is read back.
            (Ok(Some(seen)), Some(_)) => Ok(seen.object),
            (Ok(Some(seen)), None) => {
                let why = format!("and without the {noun} that was asked for");
                self.adopt(seen, response.unusable(&why)).await
            }
            (_, Some(object)) => {
                warn!(
                    "the {noun} `{name}` was created but could not be read back; its uid and version are not known yet"
                );
                Ok(object)
            }
            (Ok(None), None) => {
                let hint = format!("there is no {noun} of this name afterwards");
                Err(malformed().hint(hint).with_outcome_unknown(true))
            }
            (Err(look), None) => Err(absence::unread(malformed(), look).with_outcome_unknown(true)),
        }
    }

    /// Adopts an object if a request of this call made it without a usable response.
    async fn adopt(&self, seen: Seen<N>, write: Error) -> Result<N> {
        if let Some(objection) = self.objection(&seen) {
            return Err(objection.because(write));
        }
        // Another writer may have created the same object at the same time with other
        // secrets, which cannot be read. Writing ours settles it.
        let version = seen.object.version().map(str::to_owned);
        let updated = self.objects.write(self.spec, self.wanted, version).await;
        updated.map_err(|error| {
            if error.is_not_found() {
                return error;
            }
            let noun = N::NAME;
            error
                .hint(format!("the {noun} exists, made by a request whose answer did not say so"))
                .with_outcome_unknown(true)
                .leaving(seen.object)
        })
    }

    /// The reason why an object may be that of a third party.
    fn objection(&self, seen: &Seen<N>) -> Option<Error> {
        if seen.object.identity() != self.wanted.identity() {
            return Some(self.not_ours(seen, ""));
        }
        match is_of_age(seen, &(Duration::ZERO..=self.begun.elapsed())) {
            Some(true) => None,
            Some(false) => Some(self.not_ours(seen, " and was made before this call")),
            None => {
                let why = " and has no time of creation, so it may be of a third party";
                Some(self.not_ours(seen, why).with_outcome_unknown(true))
            }
        }
    }

    fn not_ours(&self, seen: &Seen<N>, why: &str) -> Error {
        // Only the names of fields: the values of the server are not redacted here.
        let (ours, theirs) = (self.wanted.identity(), seen.object.identity());
        let differing = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs);
        let differing: Vec<_> = differing.map(|((name, _), _)| format!("another {name}")).collect();
        let difference = if differing.is_empty() {
            let names: Vec<_> = ours.iter().map(|(name, _)| *name).collect();
            format!("the same {}", names.join(" and "))
        } else {
            differing.join(" and ")
        };
        let (noun, name) = (N::NAME, self.wanted.key());
        let what = format!("a {noun} `{name}` exists; it has {difference}{why}");
        Error::new(Kind::Conflict, what)
    }
}

/// Returns true if an object had this age when it was read, by the server's clock if the
/// response has it. `None` if the object has no time of creation.
fn is_of_age<N: Managed>(seen: &Seen<N>, age: &RangeInclusive<Duration>) -> Option<bool> {
    let created: Timestamp = seen.object.created_at()?.parse().ok()?;
    let now = seen.clock.unwrap_or_else(SystemTime::now);
    let passed = now.duration_since(created.into()).unwrap_or_default();
    Some(passed + SLACK >= *age.start() && passed <= *age.end() + SLACK)
}
