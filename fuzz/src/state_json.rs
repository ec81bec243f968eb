//! The JSON of an object in a state file: of any type, and of a connection.

use tf_provider::value::json;

use super::PLANTED;
use super::message::{field, message};
use super::provider::{RESOURCE, ask, state, ty};
use super::shapes::{all, assert_kept};

/// Reads JSON as values of every shape, and as the state of a connection.
pub fn run(input: &[u8]) {
    for ty in all() {
        match json::decode(input, &ty) {
            Ok(value) => assert_kept(&value, &ty),
            Err(error) => {
                assert!(!error.message().contains(PLANTED), "{error}");
                assert!(json::decode_strict(input, &ty).is_err(), "strict is no less than that");
            }
        }
    }
    upgrade(input);
}

/// Asserts that upgrading an upgraded state changes nothing.
fn upgrade(input: &[u8]) {
    let Some(upgraded) = upgraded(input) else { return };
    let stored = json::encode(&upgraded, ty()).expect("what is stored is JSON");
    assert_eq!(upgraded, self::upgraded(&stored).expect("a state of today"));
}

fn upgraded(stored: &[u8]) -> Option<tf_provider::value::Value> {
    let asked = message(&[(1, RESOURCE), (3, &message(&[(1, stored)]))]);
    let reply = ask("UpgradeResourceState", &asked).expect("any bytes are a state");
    let upgraded = field(&reply.message, 1).filter(|_| reply.diagnostics.errors().is_empty());
    upgraded.map(state)
}
