//! Whether a connection is there or gone.
//!
//! A caller forgets what is gone, so "gone" has to come from the API itself: in its own
//! error body, or, where a 404 comes without a body or in a form that gateways use as
//! well, from a list of the same place. The page of a proxy says nothing about the object.

use std::time::SystemTime;

use super::{Connection, Connections, Filter};
use crate::call::Answer;
use crate::error::body::Author;
use crate::error::{Error, Result};
use crate::request::Request;

/// A connection and when it was seen.
pub(super) struct Seen {
    pub(super) connection: Connection,
    /// The server's clock, where it tells it.
    pub(super) clock: Option<SystemTime>,
}

/// Looks for the connection of this name.
pub(super) async fn look_up(connections: &Connections, name: &str) -> Result<Option<Seen>> {
    let request = connections.request(Request::get, Some(name))?;
    let answer = match connections.send(&request).await {
        Ok(answer) => answer,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) if is_inconclusive(&error) => {
            return confirmed(connections, name, error).await.map(|()| None);
        }
        Err(error) => return Err(explained(error)),
    };
    let connection = connections
        .told(answer.body()?)
        .map_err(|why| answer.unusable(&format!("and something that is no connection: {why}")))?;
    if connection.name != name {
        // Its name is not repeated: nothing that the server says here is redacted.
        return Err(answer.unusable(&format!("and another connection than `{name}`")));
    }
    Ok(Some(Seen { connection, clock: answer.server_clock() }))
}

/// Believes in an inconclusive 404 only where a list of the place lacks the object too.
pub(super) async fn confirmed(connections: &Connections, name: &str, refusal: Error) -> Result<()> {
    let mut pager = connections.list(&Filter::default());
    loop {
        match pager.next_page().await {
            Ok(None) => return Ok(()),
            Ok(Some(page)) => {
                if page.iter().any(|connection| connection.name == name) {
                    return Err(explained(refusal).hint("a list of the place has the connection"));
                }
            }
            Err(error) if error.is_cancelled() || error.is_timeout() => return Err(error),
            Err(error) => {
                return Err(explained(refusal)
                    .hint("a list of the place, which would tell, failed")
                    .because(error));
            }
        }
    }
}

/// Whether somebody else than the API may have accepted a deletion: the answer speaks
/// of something, and it is not the object that was to go.
pub(super) fn is_doubtful(answer: &Answer, name: &str) -> bool {
    let is_its_own = |body| match serde_json::from_slice(body) {
        Ok(serde_json::Value::Object(told)) => {
            told.is_empty() || told.get("name").is_some_and(|told| told == name)
        }
        Ok(_) | Err(_) => false,
    };
    !answer.lacks_body() && !answer.body().is_ok_and(is_its_own)
}

/// Makes sure that a deletion that somebody else than the API has answered was one.
pub(super) async fn certain(connections: &Connections, name: &str, answer: &Answer) -> Result<()> {
    let strange = answer
        .unusable("by something else than the API")
        .hint("check the REST endpoint and the proxies on the way");
    match look_up(&connections.uninterrupted(), name).await {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(strange.hint("the connection is still there")),
        Err(look) => Err(unseen(strange, look).in_doubt(true)),
    }
}

/// Whether an error is a 404 that the API may have given, or a gateway that does not
/// know the API.
pub(super) fn is_inconclusive(error: &Error) -> bool {
    let says_little = matches!(error.author(), Some(Author::Nobody | Author::Unclear));
    error.status() == Some(404) && says_little
}

/// Adds what a 404 means that is not the API's own.
pub(super) fn explained(error: Error) -> Error {
    if error.status() == Some(404) && !error.is_not_found() {
        return error.hint(
            "this is not how the API says that an object does not exist; check the REST endpoint, the cloud and the region",
        );
    }
    error
}

/// The error of a write, where the question what came of it failed with `look`.
pub(super) fn unseen(write: Error, look: Error) -> Error {
    if look.is_cancelled() || look.is_deadline() {
        return look.in_doubt(write.outcome_unknown()).because(write);
    }
    write.hint("what came of it could not be looked up").because(look)
}
