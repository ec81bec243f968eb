//! Making a connection exactly once.
//!
//! A POST whose answer is lost may have worked. Sending it again blindly ends in a
//! conflict with one's own object, and taking over whatever is there may take over
//! someone else's. So the client looks first, and believes an object to be its own only
//! if it is what was asked for and was made during the call, by the server's clock.

use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::time::Instant;
use tracing::warn;

use super::absence::{self, Seen};
use super::{Connection, Connections, NewConnection, Update, update};
use crate::call::Answer;
use crate::error::{Error, Kind, Result};
use crate::request::Request;

/// Clocks are told in whole seconds, the beginning of one and the end of another.
const SLACK: Duration = Duration::from_secs(2);

/// How long after the end of a call a request of it may still be carried out.
const LATE: Duration = Duration::from_secs(60);

pub(super) async fn create(connections: &Connections, new: &NewConnection) -> Result<Connection> {
    let begun = Instant::now();
    let request = new.write(connections.request(Request::post, None)?)?;
    let caller = &connections.client.inner.caller;
    let mut losses = 0;
    // A request that was refused is done with; one without an answer may still be on
    // its way, whatever comes of those after it.
    let mut unanswered = false;
    loop {
        let error = match connections.send(&request).await {
            Ok(answer) => return created(connections, new, begun, &answer).await,
            Err(error) => error,
        };
        let own_conflict = error.is_conflict() && losses > 0;
        let over = error.is_cancelled() || error.is_deadline();
        let lost = error.outcome_unknown();
        if over || !(lost || own_conflict) {
            return Err(absence::explained(error).in_doubt(lost || unanswered));
        }
        losses += 1;
        unanswered |= lost && error.status().is_none();
        let last = losses > caller.policy.max_retries;
        if !last && !error.is_conflict() {
            let patience = &connections.patience;
            let wait = caller.back_off(&request, patience, losses, error.clone());
            wait.await?;
        }
        match absence::look_up(connections, &new.name).await {
            Err(look) => return Err(absence::unseen(error, look).in_doubt(true)),
            Ok(Some(seen)) => return adopt(connections, new, seen, begun, error).await,
            Ok(None) if last => return Err(error.in_doubt(unanswered)),
            Ok(None) => {}
        }
    }
}

/// What a call has made that ended without knowing it, so long ago; see
/// [`Connections::find_lost`].
pub(super) async fn find_lost(
    connections: &Connections,
    made: &Connection,
    ago: &RangeInclusive<Duration>,
) -> Result<Option<Connection>> {
    let age = ago.start().saturating_sub(LATE)..=*ago.end();
    let seen = absence::look_up(connections, &made.name).await?;
    let ours = seen.filter(|seen| {
        let found = &seen.connection;
        found.is(&made.connection_type, &made.endpoint) && is_of_age(seen, &age) == Some(true)
    });
    Ok(ours.map(|seen| seen.connection))
}

/// The connection after a POST that was accepted, from its answer if that has it all.
///
/// What the API has accepted exists, so nothing that fails from here on makes the call
/// fail, unless it is doubtful that it was the API that accepted it. Completing a creation
/// is neither waiting nor trying again, so a cancelled caller still gets to know.
async fn created(
    connections: &Connections,
    new: &NewConnection,
    begun: Instant,
    answer: &Answer,
) -> Result<Connection> {
    let told = answer.body().ok().and_then(|body| connections.told(body).ok());
    let told = told.filter(|connection| connection.name == new.name);
    if let Some(connection) = &told
        && connection.uid.is_some()
        && connection.resource_version.is_some()
    {
        return Ok(connection.clone());
    }
    let bare = answer.status() == 201 && answer.lacks_body();
    let known = told.or_else(|| bare.then(|| new.without_credentials()));
    let look = absence::look_up(&connections.uninterrupted(), &new.name).await;
    match (look, known) {
        // What the API accepted may be spelled otherwise when it is read back.
        (Ok(Some(seen)), Some(_)) => Ok(seen.connection),
        (Ok(Some(seen)), None) => {
            let strange = answer.unusable("and without the connection that was asked for");
            adopt(connections, new, seen, begun, strange).await
        }
        (_, Some(connection)) => {
            warn!(
                "the connection `{}` was created but could not be read back; its uid and version are not known yet",
                new.name
            );
            Ok(connection)
        }
        (Ok(None), None) => Err(answer
            .unusable("and something that is no connection")
            .hint("there is no connection of this name afterwards")
            .in_doubt(true)),
        (Err(look), None) => {
            let strange = answer.unusable("and something that is no connection");
            Err(absence::unseen(strange, look).in_doubt(true))
        }
    }
}

/// Takes over an object that a request has made without saying so, and only such a one.
async fn adopt(
    connections: &Connections,
    new: &NewConnection,
    seen: Seen,
    begun: Instant,
    lost: Error,
) -> Result<Connection> {
    if let Some(doubt) = doubt(new, &seen, begun.elapsed()) {
        return Err(doubt.because(lost));
    }
    // Someone else may have made the same object at the same time with other
    // credentials, which cannot be read. Writing ours settles it.
    let credentials = Update {
        name: new.name.clone(),
        connection_type: new.connection_type.clone(),
        endpoint: new.endpoint.clone(),
        auth_data: new.auth_data.clone(),
        resource_version: seen.connection.resource_version.clone(),
    };
    let updated = update::update(connections, &credentials).await;
    updated.map_err(|error| {
        if error.is_not_found() {
            return error;
        }
        error
            .hint("the connection exists, made by a request whose answer did not say so")
            .in_doubt(true)
            .leaving(seen.connection)
    })
}

/// Why an object may not be taken for what a request of this call has made.
fn doubt(new: &NewConnection, seen: &Seen, elapsed: Duration) -> Option<Error> {
    if !new.describes(&seen.connection) {
        return Some(not_ours(new, seen, ""));
    }
    match is_of_age(seen, &(Duration::ZERO..=elapsed)) {
        Some(true) => None,
        Some(false) => Some(not_ours(new, seen, " and was made before this call")),
        None => {
            let why = " and does not tell when it was made, so it cannot be told whose it is";
            Some(not_ours(new, seen, why).in_doubt(true))
        }
    }
}

/// Whether an object was made so long before it was seen, by the server's clock where it
/// tells it. `None` if it does not say when it was made.
fn is_of_age(seen: &Seen, age: &RangeInclusive<Duration>) -> Option<bool> {
    let made: Timestamp = seen.connection.created_at.as_deref()?.parse().ok()?;
    let now = seen.clock.unwrap_or_else(SystemTime::now);
    let passed = now.duration_since(made.into()).unwrap_or_default();
    Some(passed + SLACK >= *age.start() && passed <= *age.end() + SLACK)
}

fn not_ours(new: &NewConnection, seen: &Seen, why: &str) -> Error {
    let found = &seen.connection;
    let name = &new.name;
    // What it has is not repeated: nothing that the server says here is redacted.
    let difference = if new.describes(found) {
        "the same type and endpoint"
    } else if new.endpoint == found.endpoint {
        "another type"
    } else if found.is(&new.connection_type, &found.endpoint) {
        "another endpoint"
    } else {
        "another type and another endpoint"
    };
    Error::new(Kind::Conflict, format!("a connection `{name}` exists; it has {difference}{why}"))
}

impl NewConnection {
    /// Whether `found` is what was asked for. Types are compared ignoring case, because
    /// callers may write them in lower case.
    fn describes(&self, found: &Connection) -> bool {
        found.is(&self.connection_type, &self.endpoint)
    }

    fn without_credentials(&self) -> Connection {
        Connection::named(&self.name, &self.connection_type, &self.endpoint)
    }
}
