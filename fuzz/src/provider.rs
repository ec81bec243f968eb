//! The provider, configured for an address without a server, and called without a socket.

use std::sync::OnceLock;

use tf_provider::testing::{Raw, Reply};
use tf_provider::value::{Type, Value, msgpack};
use tokio::runtime::{Builder, Runtime};

use super::PLANTED;
use super::message::{field, message};

/// The type of the resource.
pub(super) const RESOURCE: &[u8] = b"flink_connection";

/// The fixed configuration, secrets included.
const SETTINGS: [(&str, &str); 7] = [
    ("organization_id", "org"),
    ("environment_id", "env-1"),
    ("cloud", "aws"),
    ("region", "us-east-1"),
    ("flink_api_key", "planted-key"),
    ("flink_api_secret", "planted-secret"),
    // Nothing listens there, and no input can name another host.
    ("rest_endpoint", "http://127.0.0.1:9"),
];

struct Served {
    runtime: Runtime,
    raw: Raw,
    ty: Type,
}

/// The type of the resource's state.
pub(super) fn ty() -> &'static Type {
    &served().ty
}

/// Makes a call and asserts the rules for all responses. Returns `None` if the bytes are no
/// message of the call.
pub(super) fn ask(rpc: &str, asked: &[u8]) -> Option<Reply> {
    let Served { runtime, raw, .. } = served();
    let reply = runtime.block_on(raw.send(rpc, asked))?;
    let reported = reply.diagnostics.errors().into_iter().chain(reply.diagnostics.warnings());
    for each in reported {
        let text = format!("{}: {}", each.summary(), each.text());
        // Terraform sends no state that does not fit the model, so that error is allowed.
        assert!(!text.contains("panicked") && !text.contains("It made a value"), "{rpc}: {text}");
        for (name, secret) in SETTINGS.iter().filter(|(_, value)| value.contains(PLANTED)) {
            assert!(!text.contains(secret), "{rpc} shows {name}: {text}");
        }
    }
    Some(reply)
}

/// The value in a response, which must have the resource's type.
pub(super) fn state(sent: &[u8]) -> Value {
    let bytes = field(sent, 1).unwrap_or_default();
    msgpack::decode(bytes, ty()).expect("a state of the type that the schema says")
}

fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        let provider = terraform_provider_flink::provider();
        let settings = provider.schema().ty();
        let (_, schema) = provider.resource_schemas().next().expect("there is a resource");
        let ty = schema.ty();
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let raw = Raw::new(provider);
        let mut config = Value::map(SETTINGS);
        config.as_map_mut().expect("a map").insert("max_retries".to_owned(), 0.into());
        let config = msgpack::encode(&config, &settings).expect("settings of the schema");
        let asked = message(&[(2, &message(&[(1, &config)]))]);
        let reply = runtime.block_on(raw.send("Configure", &asked)).expect("a message");
        reply.diagnostics.succeeds();
        Served { runtime, raw, ty }
    })
}
