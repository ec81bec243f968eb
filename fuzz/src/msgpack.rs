//! Values in MessagePack, the form in which Terraform sends them.
//!
//! The first byte of an input selects a type, the others are the value.

use tf_provider::value::msgpack;

use super::PLANTED;
use super::shapes::{all, assert_kept};

/// Reads a value.
pub fn run(input: &[u8]) {
    let Some((chosen, bytes)) = input.split_first() else { return };
    let types = all();
    let ty = &types[usize::from(*chosen) % types.len()];
    match msgpack::decode(bytes, ty) {
        Ok(value) => assert_kept(&value, ty),
        Err(error) => assert!(!error.message().contains(PLANTED), "{error}"),
    }
}
