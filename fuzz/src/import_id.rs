//! Import ids, through the call that imports.

use tf_provider::value::{Type, Value};

use super::message::{field, message};
use super::provider::{RESOURCE, ask, state};

/// The parts of an id, from the outside in.
const PARTS: [&str; 5] = ["organization_id", "environment_id", "cloud", "region", "name"];

/// Imports by an id, and again by the full id of the result, which must be the same.
pub fn run(input: &[u8]) {
    let Ok(id) = std::str::from_utf8(input) else { return };
    let Some(found) = import(id) else { return };
    let parts = PARTS.map(|part| found.get(part).and_then(Value::as_str).expect("a whole place"));
    for part in parts {
        assert!(!part.is_empty() && !part.contains('/') && part.trim() == part, "{parts:?}");
    }
    // Terraform normalises all text.
    let last = Value::from(id.rsplit('/').next().expect("there is a last part"));
    assert!(last.same_as(&parts[4].into(), &Type::String), "{id:?} names {}", parts[4]);
    let again = import(&parts.join("/")).expect("a whole id is an id");
    assert_eq!(found, again, "{id:?} is not {parts:?}");
}

/// Imports by an id; `None` if the id is invalid.
fn import(id: &str) -> Option<Value> {
    let reply = ask("ImportResourceState", &message(&[(1, RESOURCE), (2, id.as_bytes())]));
    let reply = reply.expect("any text is an id");
    let found = field(&reply.message, 1).filter(|_| reply.diagnostics.errors().is_empty());
    assert_eq!(found.is_none(), !reply.diagnostics.errors().is_empty(), "{id:?}");
    found.and_then(|imported| field(imported, 2)).map(state)
}
