//! Deletes: idempotent, and confirmed where a third party may have responded.

use http::Method;
use serde_json::Value;

use super::absence;
use super::noun::Managed;
use super::objects::Objects;
use crate::call::ApiResponse;
use crate::error::Result;
use crate::transport::CHECK_PROXIES;

impl<N: Managed> Objects<N> {
    /// Removes the object of this name. Succeeds if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::outcome_unknown`](crate::Error::outcome_unknown) if it may have been
    /// removed.
    pub async fn delete(&self, key: &str) -> Result<()> {
        let _writing = self.reads.writing(key);
        let request = self.request(Method::DELETE, Some(key))?;
        match self.send(&request).await {
            Ok(response) if may_be_foreign(&response, key) => {
                self.confirm_deletion(key, &response).await
            }
            Ok(_) => Ok(()),
            Err(error) if error.is_not_found() => Ok(()),
            Err(error) if absence::is_inconclusive(&error) => {
                absence::confirm(self, key, error).await
            }
            Err(error) => Err(self.explained(error)),
        }
    }

    /// Reads the object after a success that may be a third party's.
    async fn confirm_deletion(&self, key: &str, response: &ApiResponse) -> Result<()> {
        let foreign = response.unusable("by something else than the API").hint(CHECK_PROXIES);
        match self.uninterrupted().look_up(key).await {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(foreign.hint(format!("the {} is still there", N::NAME))),
            Err(look) => Err(absence::unread(foreign, look).with_outcome_unknown(true)),
        }
    }
}

/// Returns true if a body is neither empty nor the deleted object's.
fn may_be_foreign(response: &ApiResponse, key: &str) -> bool {
    let is_its_own = |body| match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => {
            object.is_empty() || object.get("name").is_some_and(|name| name == key)
        }
        Ok(_) | Err(_) => false,
    };
    !response.lacks_body() && !response.body().is_ok_and(is_its_own)
}
