//! Values on the wire and in the state: a connection, and a value that is large.

use std::hint::black_box;

use serde_json::{Value as Json, json};
use tf_provider::value::{Type, Value, json as text, msgpack};

use crate::count::Subject;

/// The number of entries of the large value.
const ENTRIES: usize = 1000;

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject { name: "msgpack, read a connection", repeat: |times| read(times, connection()) },
        Subject { name: "msgpack, write a connection", repeat: |times| write(times, connection()) },
        Subject { name: "msgpack, read 1,000 objects", repeat: |times| read(times, large()) },
        Subject { name: "msgpack, write 1,000 objects", repeat: |times| write(times, large()) },
        Subject { name: "JSON, read a connection's state", repeat: read_state },
    ]
}

fn read(times: usize, (ty, value): (Type, Value)) {
    let bytes = msgpack::encode(&value, &ty).expect("the value is of the type");
    for _ in 0..times {
        black_box(msgpack::decode(black_box(&bytes), &ty).expect("the bytes were just written"));
    }
}

fn write(times: usize, (ty, value): (Type, Value)) {
    for _ in 0..times {
        black_box(msgpack::encode(black_box(&value), &ty).expect("the value is of the type"));
    }
}

fn read_state(times: usize) {
    let (ty, value) = connection();
    let state = text::encode(&value, &ty).expect("the value is of the type");
    for _ in 0..times {
        black_box(text::decode(black_box(&state), &ty).expect("the text was just written"));
    }
}

/// A connection as it is after its creation.
fn connection() -> (Type, Value) {
    let provider = terraform_provider_flink::provider();
    let schema = provider.resource_schemas().find(|(name, _)| *name == "flink_connection");
    let (_, schema) = schema.expect("the provider serves connections");
    let attributes = json!({
        "id": "1111aaaa-0000-4000-8000-000000000001/env-1/aws/us-east-1/openai",
        "organization_id": "1111aaaa-0000-4000-8000-000000000001",
        "environment_id": "env-1",
        "cloud": "aws",
        "region": "us-east-1",
        "name": "openai",
        "type": "openai",
        "endpoint": "https://api.openai.com/v1/chat/completions",
        "credentials": { "api_key": "any" },
        "credential_drift": "repair",
        "uid": "e66e9234-e3f8-4f66-af32-dbdaf40883e5",
        "created_at": "2026-11-22T12:00:00.406444Z",
        "status": "READY",
    });
    of_type(schema.ty(), &attributes)
}

/// A list of objects, each with a text, a number and a map.
fn large() -> (Type, Value) {
    let ty = Type::list(Type::object([
        ("name", Type::String),
        ("number", Type::Number),
        ("labels", Type::map(Type::String)),
    ]));
    let objects = (0..ENTRIES).map(|index| {
        json!({
            "name": format!("object-{index}"),
            "number": index,
            "labels": { "stage": "production", "team": "streaming" },
        })
    });
    of_type(ty, &objects.collect::<Json>())
}

fn of_type(ty: Type, json: &Json) -> (Type, Value) {
    let value = text::decode(json.to_string().as_bytes(), &ty).expect("the JSON is of the type");
    (ty, value)
}
