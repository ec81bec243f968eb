//! Blocks in blocks: planned, checked and stored to any depth.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tf_provider::resource::{Change, Create, Delete, Read, Update};
use tf_provider::schema::{
    Block, Nesting, between, block, bool, exactly_one_of, length, number, string,
};
use tf_provider::testing::{Action, Core, unknown};
use tf_provider::{Configure, Provider, Resource, Result, Schema};

/// The resource `demo_server`.
struct Servers;

#[derive(Serialize, Deserialize)]
struct Model {
    name: String,
    listener: Vec<Listener>,
    rule: Vec<Rule>,
}

#[derive(Serialize, Deserialize)]
struct Listener {
    port: u16,
    id: Option<String>,
    load: Option<u64>,
    tls: Option<Tls>,
}

#[derive(Serialize, Deserialize)]
struct Tls {
    fingerprint: Option<String>,
    cipher: Vec<Cipher>,
}

#[derive(Serialize, Deserialize)]
struct Cipher {
    name: String,
    rank: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct Rule {
    path: String,
    header: Vec<Header>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    name: String,
}

fn listener() -> Block {
    block("listener", Nesting::List)
        .required()
        .max_items(2)
        .attribute(number("port").required().validate(between(1..=65_535)))
        .attribute(string("protocol").default("TCP").semantic_equality(str::eq_ignore_ascii_case))
        .attribute(string("zone").optional().requires_replace())
        .attribute(string("id").computed().use_state_for_unknown())
        .attribute(number("load").computed())
        .block(tls())
}

fn tls() -> Block {
    let cipher = block("cipher", Nesting::List)
        .attribute(string("name").required().validate(length(1..=5)))
        .attribute(number("rank").optional_computed());
    block("tls", Nesting::Single)
        .attribute(string("certificate").optional())
        .attribute(bool("generated").optional())
        .attribute(string("fingerprint").computed())
        .block(cipher)
        .check(exactly_one_of(["certificate", "generated"]))
}

impl Model {
    /// What the service makes of it. Arguments that no struct has are the framework's.
    fn made(mut self, load: u64) -> Self {
        for listener in &mut self.listener {
            listener.id = Some(format!("l{}", listener.port));
            listener.load = Some(load);
            let Some(tls) = &mut listener.tls else { continue };
            tls.fingerprint = Some("f0".to_owned());
            for (position, cipher) in tls.cipher.iter_mut().enumerate() {
                cipher.rank.get_or_insert(position);
            }
        }
        self
    }
}

impl Resource for Servers {
    type Provider = ();
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        let header = block("header", Nesting::List)
            .attribute(string("name").required().validate(length(1..=5)));
        let rule = block("rule", Nesting::Set).attribute(string("path").required()).block(header);
        Schema::resource("server", "A server.")
            .attribute(string("name").required())
            .block(listener())
            .block(rule)
    }

    async fn create(&self, planned: Model, cx: &mut Create<Self>) -> Result<Model> {
        let listeners = cx.planned().blocks("listener").known().unwrap_or_default();
        let last = listeners.last().unwrap();
        assert_eq!(
            last.path_of("port").to_string(),
            format!("listener[{}].port", listeners.len() - 1)
        );
        assert!(
            last.block("tls").is_null()
                || last.block("tls").known().unwrap().blocks("cipher").is_known()
        );
        Ok(planned.made(1))
    }

    async fn read(&self, state: Model, _: &mut Read<Self>) -> Result<Option<Model>> {
        Ok(Some(state))
    }

    async fn update(&self, change: Change<Model>, _: &mut Update<Self>) -> Result<Model> {
        Ok(change.after.made(2))
    }

    async fn delete(&self, _: Model, _: &mut Delete<Self>) -> Result<()> {
        Ok(())
    }
}

async fn configure(_: &mut Configure) -> Result<()> {
    Ok(())
}

async fn start() -> Core {
    let provider = Provider::new("demo", Schema::provider("A demo."), configure).resource(Servers);
    let core = Core::start(provider).await;
    core.configure(json!({})).await.succeeds();
    core
}

/// A server with one listener, which has these arguments beside its port.
fn server(mut listener: Json) -> Json {
    listener["port"] = json!(443);
    json!({ "name": "a", "listener": [listener] })
}

#[tokio::test]
async fn plans_and_stores_defaults_and_computed_values_at_any_depth() {
    let core = start().await;
    let config = server(
        json!({ "tls": { "generated": true, "cipher": [{ "name": "aes" }, { "name": "rc4", "rank": 9 }] } }),
    );
    let plan = core.plan("demo_server.a", config.clone()).await;
    let planned = &plan.planned()["listener"][0];
    assert_eq!(planned["protocol"], "TCP");
    assert_eq!([&planned["id"], &planned["tls"]["cipher"][0]["rank"]], [&unknown(), &unknown()]);
    assert_eq!(planned["tls"]["cipher"][1]["rank"], 9);

    let made = core.apply("demo_server.a", config.clone()).await;
    made.succeeds();
    let listener = &made.state()["listener"][0];
    assert_eq!([&listener["id"], &listener["load"]], [&json!("l443"), &json!(1)]);
    assert_eq!(listener["tls"]["generated"], true, "the model leaves it out");
    assert_eq!(listener["tls"]["cipher"][0], json!({ "name": "aes", "rank": 0 }));
    assert!(core.plan("demo_server.a", config).await.is_empty());
}

#[tokio::test]
async fn an_update_moves_only_what_it_can_inside_of_blocks() {
    let core = start().await;
    core.apply("demo_server.a", server(json!({}))).await.succeeds();
    let same = server(json!({ "protocol": "tcp" }));
    assert!(core.plan("demo_server.a", same).await.is_empty(), "only the spelling differs");

    let second = json!({ "port": 80 });
    let mut config = server(json!({ "protocol": "UDP" }));
    config["listener"].as_array_mut().unwrap().push(second);
    let plan = core.plan("demo_server.a", config.clone()).await;
    assert_eq!(plan.action(), Action::Update);
    let listeners = plan.planned()["listener"].clone();
    assert_eq!([&listeners[0]["id"], &listeners[0]["load"]], [&json!("l443"), &unknown()]);
    assert_eq!([&listeners[1]["id"], &listeners[1]["protocol"]], [&unknown(), &json!("TCP")]);
    let made = core.apply_plan(plan, config).await;
    assert_eq!(made.state()["listener"][1]["id"], "l80");
}

#[tokio::test]
async fn a_change_inside_of_a_block_replaces_the_object() {
    let core = start().await;
    core.apply("demo_server.a", server(json!({ "zone": "a" }))).await.succeeds();
    let plan = core.plan("demo_server.a", server(json!({ "zone": "b" }))).await;
    assert_eq!(plan.replaced_by(), ["listener[0].zone"]);
}

#[tokio::test]
async fn keeps_blocks_of_a_set_as_they_are_configured() {
    let core = start().await;
    let mut config = server(json!({}));
    config["rule"] = json!([{ "path": "/b" }, { "path": "/a", "header": [{ "name": "host" }] }]);
    core.apply("demo_server.a", config.clone()).await.succeeds();
    assert!(core.plan("demo_server.a", config).await.is_empty());
}

/// The place and the text of the one error that a configuration has.
async fn error(config: Json) -> (String, String) {
    let found = start().await.validate("demo_server", config).await;
    let [only] = found.errors()[..] else { panic!("not one error: {found:?}") };
    (only.path().map(ToString::to_string).unwrap_or_default(), only.text().to_owned())
}

#[tokio::test]
async fn names_the_place_of_a_fault_at_any_depth() {
    let cipher = |cipher: Json| server(json!({ "tls": { "generated": true, "cipher": [cipher] } }));
    let rule = |header: Json| {
        let mut config = server(json!({}));
        config["rule"] = json!([{ "path": "/", "header": [header] }]);
        config
    };
    for (config, place, text) in [
        (cipher(json!({ "name": null })), "listener[0].tls.cipher[0].name", "`name` is required"),
        (
            cipher(json!({ "name": "too long" })),
            "listener[0].tls.cipher[0].name",
            "`name` must be 1 to 5",
        ),
        (rule(json!({ "name": "too long" })), "rule.header[0].name", "`name` must be 1 to 5"),
        (
            json!({ "name": "a", "listener": [{ "port": 0 }] }),
            "listener[0].port",
            "must be from 1 to 65535",
        ),
        (
            server(json!({ "tls": {} })),
            "listener[0].tls",
            "exactly one of `certificate` and `generated`",
        ),
        (
            server(json!({ "tls": { "certificate": "c", "generated": true } })),
            "listener[0].tls.generated",
            "remove the other",
        ),
    ] {
        let (found, said) = error(config).await;
        assert_eq!(found, place);
        assert!(said.contains(text), "{said}");
    }
}

#[tokio::test]
async fn counts_blocks_unless_their_number_is_unknown() {
    let core = start().await;
    let servers = |listener: Json| json!({ "name": "a", "listener": listener });
    let (place, text) = error(servers(json!([]))).await;
    assert_eq!(
        (place.as_str(), text.contains("at least 1 times; it stands 0 times")),
        ("listener", true),
        "{text}"
    );
    let many: Vec<Json> = (1..=3).map(|port| json!({ "port": port })).collect();
    assert!(error(servers(many.into())).await.1.contains("at most 2"));
    core.validate("demo_server", servers(unknown())).await.succeeds();
}
