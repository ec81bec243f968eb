//! Calls of the plugin protocol, with any bytes in the values, the private data and
//! the whole message.
//!
//! The first part of an input is the name of a call. Where only one more follows it
//! is the whole message; two and more are the contents of the message's fields, in
//! the order of `FIELDS`.

use super::message::{field, message};
use super::parts;
use super::provider::{RESOURCE, ask, state};

/// The content of a field.
#[derive(Clone, Copy)]
enum Field {
    /// A value in MessagePack.
    Value(u8),
    /// The same in JSON.
    Json(u8),
    /// Bytes.
    Bytes(u8),
}

use Field::{Bytes, Json, Value};

/// The calls, the fields of their messages, and the field of the response with a state.
///
/// `Configure` is left out: it decides which hosts get requests.
const CALLS: [(&str, &[Field], Option<u8>); 7] = [
    ("PrepareProviderConfig", &[Value(1), Json(1)], None),
    ("ValidateResourceTypeConfig", &[Value(2), Json(2)], None),
    ("UpgradeResourceState", &[Value(3), Bytes(3)], Some(1)),
    ("ReadResource", &[Value(2), Bytes(3)], Some(1)),
    ("PlanResourceChange", &[Value(2), Value(3), Value(4), Bytes(5)], Some(1)),
    ("ApplyResourceChange", &[Value(2), Value(3), Value(4), Bytes(5)], Some(1)),
    ("ImportResourceState", &[Bytes(2), Bytes(1)], None),
];

/// Makes a call.
pub fn run(input: &[u8]) {
    let [name, contents @ ..] = &*parts(input) else { return };
    let Some((rpc, fields, answer)) = CALLS.iter().find(|(rpc, ..)| rpc.as_bytes() == *name) else {
        return;
    };
    let asked = match contents {
        [] => return,
        [whole] => whole.to_vec(),
        contents => written(fields, contents),
    };
    let Some(reply) = ask(rpc, &asked) else { return };
    if let Some(sent) = answer.and_then(|number| field(&reply.message, number)) {
        state(sent);
    }
}

fn written(fields: &[Field], contents: &[&[u8]]) -> Vec<u8> {
    let values: Vec<(u8, Vec<u8>)> = fields
        .iter()
        .zip(contents)
        .map(|(field, content)| match field {
            Value(number) => (*number, message(&[(1, content)])),
            Json(number) => (*number, message(&[(2, content)])),
            Bytes(number) => (*number, content.to_vec()),
        })
        .collect();
    let sent = values.iter().map(|(number, content)| (*number, &**content));
    message(&[(1, RESOURCE)].into_iter().chain(sent).collect::<Vec<_>>())
}
