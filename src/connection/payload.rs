//! From the credentials of a plan to the API's payload.
//!
//! Credentials go nowhere but into the request.

use flink_client::AuthData;
use tf_provider::schema::{Entries, View};

use super::connection_type::{ConnectionType, SETTINGS};
use super::credential::{AUTH_TYPE, CREDENTIALS_ARGUMENT, Credential, WITHOUT_AUTHENTICATION};

/// The payload of these credentials; `None` where there are none. Settings such as the
/// transport travel with credentials and never alone: a payload replaces the whole of
/// the one before it.
pub(super) fn payload(ty: &str, values: &View<'_>) -> Option<AuthData> {
    let credentials = values.entries(CREDENTIALS_ARGUMENT);
    let mut payload = secrets(&credentials);
    if payload.is_empty() {
        return None;
    }
    for setting in &SETTINGS {
        if let Some(value) = values.text(setting.attribute).known() {
            payload = payload.plain(setting.payload, setting.payload_of(value));
        }
    }
    Some(match auth_type(ty, &credentials) {
        Some(word) => payload.plain("AUTH_TYPE", word),
        None => payload,
    })
}

/// Every given key under the API's word for it, or as it is written where the API's
/// word is not known.
fn secrets(credentials: &Entries<'_>) -> AuthData {
    let given = credentials.iter().filter_map(|entry| Some((entry.text.known()?, entry)));
    given.fold(AuthData::new(), |payload, (value, entry)| match Credential::find(entry.key) {
        Some(known) if known.key == AUTH_TYPE && is_without(value) => {
            payload.plain(known.payload, WITHOUT_AUTHENTICATION)
        }
        Some(known) => payload.secret(known.payload, value),
        None => payload.secret(entry.written, value),
    })
}

/// Returns true if the value of `auth_type` is its only word, in any spelling.
fn is_without(auth_type: &str) -> bool {
    tf_provider::schema::same_word(auth_type, WITHOUT_AUTHENTICATION)
}

/// The API's name of the way to authenticate, where the type and the way have one.
fn auth_type(ty: &str, credentials: &Entries<'_>) -> Option<&'static str> {
    let methods = ConnectionType::find(ty)?.auth_methods;
    let is_given = |key: &&str| credentials.get(key).is_known();
    methods.iter().find(|method| method.required.iter().any(is_given))?.auth_type
}
