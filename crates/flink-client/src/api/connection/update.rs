//! Giving a connection new credentials.
//!
//! The version that is sent along keeps two writers from undoing each other's work
//! unseen. A write whose answer is lost may have moved the version, so the object is
//! looked at before the write is sent again.

use tracing::warn;

use super::{Connection, Connections, Update, absence};
use crate::call::Answer;
use crate::error::{Error, Kind, Result};
use crate::request::{Repeat, Request};

/// How often a stale version is replaced by a newer one.
const MOST_CONFLICTS: u32 = 3;

pub(super) async fn update(connections: &Connections, update: &Update) -> Result<Connection> {
    let caller = &connections.client.inner.caller;
    let mut version = update.resource_version.clone();
    let (mut losses, mut conflicts) = (0, 0);
    // A write without an answer stays one, whatever comes of those after it.
    let mut in_doubt = false;
    let mut sent_again = false;
    loop {
        let request = request(connections, update, version.as_deref())?;
        let error = match connections.send(&request).await {
            Ok(answer) => match written(connections, update, version, &answer).await? {
                Written::Maybe(seen) if !sent_again => {
                    sent_again = true;
                    version = seen.resource_version;
                    continue;
                }
                Written::Certainly(connection) | Written::Maybe(connection) => {
                    return Ok(connection);
                }
            },
            Err(error) => error,
        };
        let over = error.is_cancelled() || error.is_deadline();
        let lost = error.outcome_unknown();
        in_doubt |= lost;
        let error = error.in_doubt(in_doubt);
        if !over && error.is_conflict() && conflicts < MOST_CONFLICTS {
            conflicts += 1;
        } else if !over && lost && losses < caller.policy.max_retries {
            losses += 1;
            let patience = &connections.patience;
            let wait = caller.back_off(&request, patience, losses, error.clone());
            wait.await?;
        } else {
            return Err(absence::explained(error));
        }
        let seen = still_ours(connections, update).await;
        let seen = seen.map_err(|look| look_failed(error.clone(), look))?;
        if error.is_conflict() && version.is_some() && seen.resource_version == version {
            // Not a question of versions, so it would be refused again.
            return Err(error);
        }
        version = seen.resource_version;
    }
}

/// The error of a write after which the object could not be seen, or was not the same.
fn look_failed(write: Error, look: Error) -> Error {
    if look.is_not_found() || look.is_conflict() {
        return look.in_doubt(write.outcome_unknown()).because(write);
    }
    absence::unseen(write, look)
}

fn request(connections: &Connections, update: &Update, version: Option<&str>) -> Result<Request> {
    let request = connections.request(Request::put, Some(&update.name))?;
    update.write(request.repeated(Repeat::OnlyIfUnprocessed), version)
}

/// The connection after a write that was answered with a success.
enum Written {
    /// The API has accepted the write.
    Certainly(Connection),
    /// Something else than the API has answered, and the version has moved: by this write
    /// or by that of a third party.
    Maybe(Connection),
}

/// The connection after a write that was accepted, from its answer if that has it.
///
/// What the API has accepted is done, so that reading it back fails does not make the call
/// fail, unless it is doubtful that it was the API that accepted it. Completing a write is
/// neither waiting nor trying again, so a cancelled caller still gets to know.
async fn written(
    connections: &Connections,
    update: &Update,
    version: Option<String>,
    answer: &Answer,
) -> Result<Written> {
    let told = answer.body().ok().and_then(|body| connections.told(body).ok());
    let told = told.filter(|connection| connection.name == update.name);
    if let Some(connection) = &told
        && connection.resource_version.is_some()
    {
        return Ok(Written::Certainly(connection.clone()));
    }
    let speaks_of_another = told.is_none() && !answer.lacks_body() && version.is_some();
    let is_doubtful = answer.is_foreign() || speaks_of_another;
    let known = told.or_else(|| answer.lacks_body().then(|| update.unchanged()));
    match (still_ours(&connections.uninterrupted(), update).await, known) {
        (Ok(seen), _) if is_doubtful && seen.resource_version == version => Err(answer
            .unusable("by something else than the API, and the connection is as it was")
            .hint("check the REST endpoint and the proxies on the way")),
        (Ok(seen), _) if answer.is_foreign() => Ok(Written::Maybe(seen)),
        (Ok(seen), _) => Ok(Written::Certainly(seen)),
        (Err(look), Some(connection)) if !look.is_conflict() && !look.is_not_found() => {
            warn!(
                "the connection `{}` was updated but could not be read back; its version is not known yet",
                update.name
            );
            Ok(Written::Certainly(connection))
        }
        (Err(look), _) => Err(answer
            .unusable("but the connection cannot be read back")
            .in_doubt(true)
            .because(look)),
    }
}

/// The connection as it is now, if it still is the one that is meant.
async fn still_ours(connections: &Connections, update: &Update) -> Result<Connection> {
    let name = &update.name;
    let Some(seen) = absence::look_up(connections, name).await? else {
        let gone = format!("the connection `{name}` does not exist any more");
        return Err(Error::new(Kind::Absent, gone));
    };
    let found = seen.connection;
    if found.is(&update.connection_type, &update.endpoint) {
        return Ok(found);
    }
    Err(Error::new(
        Kind::Conflict,
        format!("the connection `{name}` is another one now, with another type or endpoint"),
    ))
}

impl Update {
    /// What an update leaves as it was.
    fn unchanged(&self) -> Connection {
        Connection::named(&self.name, &self.connection_type, &self.endpoint)
    }
}
