//! What is done with hostile input, one module for each place it comes in by.
//!
//! Each has a function `run` that takes any bytes and panics where a promise is
//! broken: that nothing panics, that what is read can be written and is the same
//! afterwards, that an error holds no secret. The fuzzer calls it with bytes of its
//! own, and `tests/fuzz` with those of `corpus/`. It must not know the fuzzer.

pub mod api_answer;
pub mod duration;
pub mod grpc_call;
pub mod handshake;
pub mod import_id;
pub mod list_pages;
pub mod msgpack;
pub mod state_json;

mod message;
mod provider;
mod server;
mod shapes;

/// In every value of the corpus that must not be shown.
const PLANTED: &str = "planted";

/// What stands between two parts of an input that has several.
const SEPARATOR: &[u8] = b"\n%%\n";

/// The parts of an input.
fn parts(mut input: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some(at) = input.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) {
        parts.push(&input[..at]);
        input = &input[at + SEPARATOR.len()..];
    }
    parts.push(input);
    parts
}
