//! The rules for absence.
//!
//! A caller forgets an absent object, so absence has to come from the API itself: from its
//! own error body or, where a 404 has no body or a form that gateways use as well, from a
//! list of the collection. The page of a proxy is no evidence.

use super::noun::Noun;
use super::objects::Objects;
use crate::error::body::Origin;
use crate::error::{Error, Result};
use crate::request::Audience;

/// Returns true if an error is a 404 that either the API or a gateway that does not know
/// the API may have sent.
pub(super) fn is_inconclusive(error: &Error) -> bool {
    let is_unclear = matches!(error.origin(), Some(Origin::Empty | Origin::Ambiguous));
    error.status() == Some(404) && is_unclear
}

/// Succeeds if a list of the collection lacks the object, and fails otherwise with the
/// inconclusive 404.
pub(super) async fn confirm<N: Noun>(
    objects: &Objects<N>,
    key: &str,
    refusal: Error,
) -> Result<()> {
    let list = match objects.audience {
        Audience::Gateway => "a list of the place",
        Audience::ControlPlane | Audience::TokenEndpoint => "a list",
    };
    let mut pager = objects.list_all();
    loop {
        match pager.next_page().await {
            Ok(None) => return Ok(()),
            Ok(Some(page)) => {
                if page.iter().any(|object| object.key() == key) {
                    let hint = format!("{list} has the {}", N::NAME);
                    return Err(objects.explained(refusal).hint(hint));
                }
            }
            Err(error) if error.is_cancelled() || error.is_timeout() => return Err(error),
            Err(error) => {
                let hint = format!("{list}, which would tell, failed");
                return Err(objects.explained(refusal).hint(hint).because(error));
            }
        }
    }
}

/// The error of a write after which the object could not be read because of `look`.
pub(super) fn unread(write: Error, look: Error) -> Error {
    if look.is_cancelled() || look.is_deadline() {
        return look.with_outcome_unknown(write.outcome_unknown()).because(write);
    }
    write.hint("what came of it could not be looked up").because(look)
}
