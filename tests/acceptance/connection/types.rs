//! Every type with every way to authenticate, and the payload that the server holds.
//!
//! The table repeats the documentation on purpose: the provider's own table would agree
//! with itself.

use crate::configuration::{Block, OPENAI, connection};
use crate::scenario::Scenario;
use crate::world::World;

/// Keys of `credentials` with the payload keys they become, and the `AUTH_TYPE` that is
/// sent with them.
struct Method {
    name: &'static str,
    credentials: &'static [(&'static str, &'static str)],
    auth_type: Option<&'static str>,
}

const API_KEY: Method =
    Method { name: "key", credentials: &[("api_key", "API_KEY")], auth_type: Some("API_KEY") };
const AWS: Method = Method {
    name: "aws",
    credentials: &[
        ("aws_access_key", "AWS_ACCESS_KEY_ID"),
        ("aws_secret_key", "AWS_SECRET_ACCESS_KEY"),
    ],
    auth_type: None,
};
const AWS_SESSION: Method = Method {
    name: "session",
    credentials: &[
        ("aws_access_key", "AWS_ACCESS_KEY_ID"),
        ("aws_secret_key", "AWS_SECRET_ACCESS_KEY"),
        ("aws_session_token", "AWS_SESSION_TOKEN"),
    ],
    auth_type: None,
};
const SERVICE_KEY: Method =
    Method { name: "service", credentials: &[("service_key", "SERVICE_KEY")], auth_type: None };
const BASIC: Method = Method {
    name: "basic",
    credentials: &[("username", "USERNAME"), ("password", "PASSWORD")],
    auth_type: Some("BASIC"),
};
const BEARER: Method =
    Method { name: "bearer", credentials: &[("token", "BEARER_TOKEN")], auth_type: Some("BEARER") };
const OAUTH2: Method = Method {
    name: "oauth2",
    credentials: &[
        ("token_endpoint", "OAUTH2_TOKEN_ENDPOINT"),
        ("client_id", "OAUTH2_CLIENT_ID"),
        ("client_secret", "OAUTH2_CLIENT_SECRET"),
        ("scope", "OAUTH2_SCOPE"),
    ],
    auth_type: Some("OAUTH2"),
};

const TYPES: [(&str, &str, &[Method]); 19] = [
    ("A2A", "https://agent.example.com", &[API_KEY, BASIC, BEARER, OAUTH2]),
    ("ANTHROPIC", "https://api.anthropic.com/v1/messages", &[API_KEY]),
    ("AZUREML", "https://ws.westeurope.inference.ml.azure.com/score", &[API_KEY]),
    (
        "AZUREOPENAI",
        "https://res.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01",
        &[API_KEY],
    ),
    (
        "BEDROCK",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
        &[AWS, AWS_SESSION],
    ),
    ("CONFLUENT_JDBC", "jdbc:postgresql://db.example.com:5432/orders", &[BASIC]),
    ("COSMOSDB", "https://account.documents.azure.com:443/", &[API_KEY]),
    ("COUCHBASE", "couchbases://cb.example.com", &[BASIC]),
    ("ELASTIC", "https://search.example.com:9243", &[API_KEY, BASIC]),
    ("FIREWORKSAI", "https://api.fireworks.ai/inference/v1/chat/completions", &[API_KEY]),
    (
        "GOOGLEAI",
        "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent",
        &[API_KEY],
    ),
    ("MCP_SERVER", "https://mcp.example.com", &[API_KEY, BASIC, BEARER, OAUTH2]),
    ("MONGODB", "mongodb+srv://cluster.example.mongodb.net/catalog", &[BASIC]),
    ("OPENAI", "https://api.openai.com/v1/chat/completions", &[API_KEY]),
    ("PINECONE", "https://index-1.svc.us-east-1.pinecone.io", &[API_KEY]),
    ("REST", "https://api.example.com/v1", &[BASIC, BEARER, OAUTH2]),
    ("S3VECTORS", "https://s3vectors.us-east-1.api.aws", &[AWS, AWS_SESSION]),
    (
        "SAGEMAKER",
        "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/e/invocations",
        &[AWS, AWS_SESSION],
    ),
    (
        "VERTEXAI",
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/1:predict",
        &[SERVICE_KEY],
    ),
];

/// One connection of the table.
struct Case {
    name: String,
    ty: &'static str,
    endpoint: &'static str,
    method: &'static Method,
}

fn cases() -> Vec<Case> {
    let of_type = |(ty, endpoint, methods): &(&'static str, &'static str, &'static [Method])| {
        let (ty, endpoint) = (*ty, *endpoint);
        methods.iter().map(move |method| {
            let name = format!("{}-{}", ty.to_lowercase().replace('_', "-"), method.name);
            Case { name, ty, endpoint, method }
        })
    };
    TYPES.iter().flat_map(of_type).collect()
}

impl Case {
    /// The value of a credential, another one for each connection.
    fn value(&self, key: &str) -> String {
        match key {
            "token_endpoint" => format!("https://idp.example.com/{}/token", self.name),
            "service_key" => format!(r#"{{"type":"service_account","project":"{}"}}"#, self.name),
            _ => format!("{key} of {}", self.name),
        }
    }

    fn block(&self, map: Map) -> Block {
        let keys = self.method.credentials.iter().map(|(key, _)| *key);
        let block = connection(&self.name, self.ty, self.endpoint);
        keys.fold(block.set("credentials_wo_version", "1"), |block, key| match map {
            Map::Ordinary => block.credential(key, &self.value(key)),
            Map::WriteOnly => block.write_only(key, &self.value(key)),
        })
    }

    /// Asserts that the server has exactly what was configured.
    fn is_held_in(&self, world: &World) {
        let connections = world.connections();
        let there = connections.get(&self.name).expect("the connection is there");
        assert_eq!((&*there.connection_type, &*there.endpoint), (self.ty, self.endpoint));
        let mut keys: Vec<&str> = self.method.credentials.iter().map(|(_, key)| *key).collect();
        keys.extend(self.method.auth_type.map(|_| "AUTH_TYPE"));
        keys.sort_unstable();
        assert_eq!(there.credential_keys, keys, "{}", self.name);
        for (key, payload) in self.method.credentials {
            let value = self.value(key);
            assert!(connections.holds(&self.name, payload, &value), "{}: {payload}", self.name);
        }
        let auth_type = self.method.auth_type;
        assert!(auth_type.is_none_or(|word| connections.holds(&self.name, "AUTH_TYPE", word)));
    }
}

/// The map that holds the credentials.
#[derive(Clone, Copy)]
enum Map {
    Ordinary,
    WriteOnly,
}

async fn every_type_works(map: Map) {
    let cases = cases();
    let configuration: String = cases.iter().map(|case| case.block(map).to_string()).collect();
    let world = Scenario::new(configuration).await;
    world.apply().await.warns_of_nothing();
    cases.iter().for_each(|case| case.is_held_in(&world));
    world.plan().await.is_empty().warns_of_nothing();
    world.destroy().await;
    assert!(world.emulator.all_connections().is_empty());
}

#[tokio::test]
async fn every_type_works_with_each_of_its_authentication_methods() {
    every_type_works(Map::Ordinary).await;
}

#[tokio::test]
async fn every_credential_can_be_given_write_only() {
    every_type_works(Map::WriteOnly).await;
}

#[tokio::test]
async fn stores_a_user_name_and_not_its_write_only_password() {
    let block = connection("openai", "MONGODB", "mongodb+srv://host.example.com/db")
        .credential("username", "u")
        .write_only("password", "p")
        .set("credentials_wo_version", "1");
    let world = Scenario::new(&block).await;
    world.apply().await.warns_of_nothing();
    let holds = |key: &str, value: &str| world.connections().holds("openai", key, value);
    assert!(holds("USERNAME", "u") && holds("PASSWORD", "p"));
    assert_eq!(world.stored(OPENAI)["credentials"], serde_json::json!({ "username": "u" }));
    world.configure(block.write_only("password", "q").set("credentials_wo_version", "2"));
    world.apply().await;
    assert!(holds("USERNAME", "u") && holds("PASSWORD", "q"));
}

#[tokio::test]
async fn a_change_of_the_method_replaces_the_whole_payload() {
    let elastic = connection("openai", "ELASTIC", "https://search.example.com");
    let world = Scenario::new(elastic.clone().credential("api_key", "first")).await;
    world.apply().await;
    world.configure(elastic.credential("username", "u").credential("password", "p"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    assert_eq!(world.openai().credential_keys, ["AUTH_TYPE", "PASSWORD", "USERNAME"]);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn a_newer_type_takes_any_key() {
    let newcomer = connection("openai", "NEWCOMER", "newcomer://anything");
    let newcomer = newcomer.set("credentials_wo_version", "1");
    for block in [
        newcomer.clone().credential("new-key", "first").credential("api_key", "x"),
        newcomer.clone().write_only("new-key", "first").write_only("API_KEY", "x"),
    ] {
        let world = Scenario::new(block).await;
        let types = vec!["NEWCOMER".to_owned()];
        world.emulator.settings(|settings| settings.extra_connection_types = types);
        let applied = world.apply().await;
        applied.warns(&["Unknown connection type", "NEWCOMER"]);
        assert_eq!(world.openai().credential_keys, ["API_KEY", "new-key"]);
        assert!(world.connections().holds("openai", "new-key", "first"));
        world.plan().await.is_empty().warns(&["Unknown connection type"]);
    }
}

#[tokio::test]
async fn an_mcp_server_takes_its_transport_in_any_case_and_changes_it_in_place() {
    let server =
        connection("openai", "MCP_SERVER", "https://mcp.example.com").credential("token", "t");
    let sse = server.clone().set("transport_type", "sse").set("sse_endpoint", "/events");
    let world = Scenario::new(sse).await;
    world.apply().await.warns_of_nothing();
    let holds = |key: &str, value: &str| world.connections().holds("openai", key, value);
    assert!(holds("TRANSPORT_TYPE", "SSE") && holds("SSE_ENDPOINT", "/events"));
    world.plan().await.is_empty();

    world.configure(server.clone().set("transport_type", "streamable_http"));
    world.plan().await.updates_in_place(OPENAI);
    world.apply().await;
    world.configure(server.set("transport_type", "STREAMABLE_HTTP"));
    world.plan().await.is_empty();
    assert!(holds("TRANSPORT_TYPE", "STREAMABLE_HTTP") && holds("BEARER_TOKEN", "t"));
    assert_eq!(world.openai().credential_keys, ["AUTH_TYPE", "BEARER_TOKEN", "TRANSPORT_TYPE"]);
    world.plan().await.is_empty();
}

#[tokio::test]
async fn an_mcp_server_without_credentials_needs_no_auth() {
    let server = connection("openai", "MCP_SERVER", "https://mcp.example.com");
    let world = Scenario::new(&server).await;
    world.plan_expecting_error("NO_AUTH").await;
    let open = server.credential("auth_type", "NO_AUTH");
    world.configure(open.set("transport_type", "STREAMABLE_HTTP"));
    world.apply().await.warns_of_nothing();
    assert!(world.connections().holds("openai", "AUTH_TYPE", "NO_AUTH"));
    assert_eq!(world.openai().credential_keys, ["AUTH_TYPE", "TRANSPORT_TYPE"]);
    world.plan().await.is_empty();
}
