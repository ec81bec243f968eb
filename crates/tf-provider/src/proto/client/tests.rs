//! What a Terraform that asks strange things is answered: always a diagnostic,
//! and never a gRPC error, which it would show as a crash.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio_stream::StreamExt;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::transport::Channel;

use super::*;
use crate::provider::Configure;
use crate::resource::{Change, Create, Delete, Read, Update};
use crate::schema::string;
use crate::{DataSource, Provider, Resource, Schema};

struct Thing;

#[derive(Serialize, Deserialize)]
struct Model {
    name: Option<String>,
}

impl Resource for Thing {
    type Provider = ();
    type Model = Model;
    type Private = ();

    fn schema(&self) -> Schema {
        let timeouts = [(crate::schema::Operation::Create, Duration::from_secs(60))];
        Schema::resource("thing", "A thing.")
            .version(3)
            .attribute(string("name").optional())
            .timeouts(timeouts)
    }

    async fn create(&self, planned: Model, _: &mut Create<Self>) -> crate::Result<Model> {
        Ok(planned)
    }

    async fn read(&self, state: Model, _: &mut Read<Self>) -> crate::Result<Option<Model>> {
        Ok(Some(state))
    }

    async fn update(&self, change: Change<Model>, _: &mut Update<Self>) -> crate::Result<Model> {
        Ok(change.after)
    }

    async fn delete(&self, _: Model, _: &mut Delete<Self>) -> crate::Result<()> {
        Ok(())
    }
}

impl DataSource for Thing {
    type Provider = ();
    type Model = Model;

    fn schema(&self) -> Schema {
        Schema::data_source("thing", "A thing.").attribute(string("name").optional())
    }

    async fn read(&self, config: Model, _: &mut crate::Call<()>) -> crate::Result<Model> {
        Ok(config)
    }
}

async fn configure(_: &mut Configure) -> crate::Result<()> {
    Ok(())
}

fn service() -> crate::proto::ProviderServer<impl wire::provider_server::Provider> {
    let schema = Schema::provider("A demo.").attribute(string("region").optional());
    let provider = Provider::new("demo", schema, configure).resource(Thing).data_source(Thing);
    crate::proto::service(provider.into_parts())
}

/// A provider that is served until the guard is dropped, and its client.
async fn serve() -> (Client, DropGuard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let end = CancellationToken::new();
    tokio::spawn(crate::plugin::serve_plain(listener, service(), end.clone()));
    (Client::connect(address).await.unwrap(), end.drop_guard())
}

/// The summaries of what was told.
fn summaries(told: &[wire::Diagnostic]) -> Vec<&str> {
    told.iter().map(|each| each.summary.as_str()).collect()
}

fn bytes(msgpack: &[u8]) -> Option<wire::DynamicValue> {
    Some(wire::DynamicValue { msgpack: msgpack.to_vec(), json: Vec::new() })
}

/// Makes each call with a name in the field that takes one, and gives what was
/// told with the name of the call.
macro_rules! told_by {
    ($wire:expr, $($rpc:ident($($field:ident: $value:expr),*)),* $(,)?) => {{
        let mut wire: ProviderClient<Channel> = $wire;
        let mut told = Vec::new();
        $(
            #[allow(clippy::needless_update, reason = "some requests have no other field")]
            let request =
                wire::$rpc::Request { $($field: $value.to_owned(),)* ..Default::default() };
            let response = wire.$rpc(request).await.expect(stringify!($rpc)).into_inner();
            told.push((stringify!($rpc), response.diagnostics));
        )*
        told
    }};
}

#[tokio::test]
async fn an_unknown_resource_type_is_a_diagnostic() {
    let (client, _provider) = serve().await;
    let state = Some(wire::RawState { json: b"{}".to_vec(), flatmap: BTreeMap::new() });
    let told = told_by!(
        client.wire(),
        validate_resource_type_config(type_name: "demo_other"),
        upgrade_resource_state(type_name: "demo_other", raw_state: state),
        read_resource(type_name: "demo_other"),
        plan_resource_change(type_name: "demo_other"),
        apply_resource_change(type_name: "demo_other"),
        import_resource_state(type_name: "demo_other"),
    );
    for (rpc, told) in told {
        assert_eq!(summaries(&told), ["Unknown resource type"], "{rpc}");
        assert!(told[0].detail.contains("`demo_other`"), "{rpc}");
    }
}

#[tokio::test]
async fn a_call_for_what_is_not_served_is_a_diagnostic() {
    let (client, _provider) = serve().await;
    let told = told_by!(
        client.wire(),
        upgrade_resource_identity(type_name: "demo_x"),
        move_resource_state(target_type_name: "demo_x"),
        generate_resource_config(type_name: "demo_x"),
        validate_data_source_config(type_name: "demo_x"),
        read_data_source(type_name: "demo_x"),
        validate_ephemeral_resource_config(type_name: "demo_x"),
        open_ephemeral_resource(type_name: "demo_x"),
        renew_ephemeral_resource(type_name: "demo_x"),
        close_ephemeral_resource(type_name: "demo_x"),
        validate_list_resource_config(type_name: "demo_x"),
        validate_action_config(type_name: "demo_x"),
        plan_action(action_type: "demo_x"),
    );
    for (rpc, told) in told {
        assert_eq!(told.len(), 1, "{rpc}");
        assert!(told[0].detail.contains("`demo_x`"), "{rpc}: {}", told[0].detail);
        assert_eq!(told[0].severity(), wire::diagnostic::Severity::Error, "{rpc}");
    }
}

#[tokio::test]
async fn a_call_about_the_whole_provider_needs_nothing() {
    let (client, _provider) = serve().await;
    let told = told_by!(
        client.wire(),
        get_metadata(),
        get_resource_identity_schemas(),
        get_functions(),
        prepare_provider_config(),
        configure(),
    );
    for (rpc, told) in told {
        assert_eq!(summaries(&told), [""; 0], "{rpc}");
    }
    client.stop().await.unwrap();
}

#[tokio::test]
async fn functions_lists_and_actions_end_in_their_own_kind_of_refusal() {
    let (client, _provider) = serve().await;
    let mut wire = client.wire();
    let called = wire::call_function::Request { name: "f".to_owned(), ..Default::default() };
    let error = wire.call_function(called).await.unwrap().into_inner().error.unwrap();
    assert!(error.text.contains("`f`"));

    let listed =
        wire::list_resource::Request { type_name: "demo_x".to_owned(), ..Default::default() };
    let events: Vec<_> = wire.list_resource(listed).await.unwrap().into_inner().collect().await;
    let [Ok(event)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(summaries(&event.diagnostic), ["Unknown list resource"]);

    let invoked =
        wire::invoke_action::Request { action_type: "demo_x".to_owned(), ..Default::default() };
    let events: Vec<_> = wire.invoke_action(invoked).await.unwrap().into_inner().collect().await;
    let [Ok(event)] = events.as_slice() else { panic!("{events:?}") };
    let Some(wire::invoke_action::event::Type::Completed(end)) = &event.r#type else {
        panic!("an action ends with an event that says so: {event:?}");
    };
    assert_eq!(summaries(&end.diagnostics), ["Unknown action"]);
}

#[tokio::test]
async fn nothing_is_done_before_the_provider_is_configured() {
    let (client, _provider) = serve().await;
    let object = client.shapes().await.unwrap().resources["demo_thing"].body.empty();
    let ty = &client.shapes().await.unwrap().resources["demo_thing"].ty;
    let object = || sent(&object, ty).unwrap();
    let mut wire = client.wire();
    let read = wire::read_resource::Request {
        type_name: "demo_thing".to_owned(),
        current_state: object(),
        ..Default::default()
    };
    let told = wire.read_resource(read).await.unwrap().into_inner().diagnostics;
    assert_eq!(summaries(&told), ["The provider is not configured"]);

    let applied = wire::apply_resource_change::Request {
        type_name: "demo_thing".to_owned(),
        planned_state: object(),
        config: object(),
        ..Default::default()
    };
    let answer = wire.apply_resource_change(applied).await.unwrap().into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["The provider is not configured"]);
}

#[tokio::test]
async fn a_data_source_is_deferred_only_if_its_configuration_is_unknown_and_the_client_can() {
    let (client, _provider) = serve().await;
    let shapes = client.shapes().await.unwrap();
    client.configure(&shapes.provider.ty, &shapes.provider.body.empty()).await.unwrap();
    let ty = &shapes.data_sources["demo_thing"].ty;
    let read = async |name: Value, deferral_allowed| {
        let request = wire::read_data_source::Request {
            type_name: "demo_thing".to_owned(),
            config: sent(&Value::map([("name", name)]), ty).unwrap(),
            provider_meta: None,
            client_capabilities: Some(wire::ClientCapabilities {
                deferral_allowed,
                ..Default::default()
            }),
        };
        client.wire().read_data_source(request).await.unwrap().into_inner()
    };

    let deferred = read(Value::Unknown, true).await;
    assert_eq!(deferred.deferred.unwrap().reason(), wire::deferred::Reason::ResourceConfigUnknown);
    assert_eq!(received(deferred.state, ty).unwrap(), Value::Unknown);
    assert_eq!(deferred.diagnostics, []);

    let refused = read(Value::Unknown, false).await;
    assert_eq!(summaries(&refused.diagnostics), ["An argument is not known yet"]);
    let place = refused.diagnostics[0].attribute.clone().unwrap();
    assert_eq!((path(place).unwrap(), refused.deferred), (Path::from("name"), None));

    assert_eq!(read(Value::from("a"), true).await.deferred, None);
}

/// What upgrading this state comes to.
async fn upgraded(version: i64, state: wire::RawState) -> wire::upgrade_resource_state::Response {
    let (client, _provider) = serve().await;
    let request = wire::upgrade_resource_state::Request {
        type_name: "demo_thing".to_owned(),
        version,
        raw_state: Some(state),
    };
    client.wire().upgrade_resource_state(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn state_that_is_too_old_or_too_new_or_not_there_is_refused() {
    let flatmap = BTreeMap::from([("name".to_owned(), "a".to_owned())]);
    let old = upgraded(0, wire::RawState { json: Vec::new(), flatmap }).await;
    assert_eq!(summaries(&old.diagnostics), ["The stored state is too old"]);

    let json = br#"{"name":"a"}"#.to_vec();
    let new = upgraded(4, wire::RawState { json, flatmap: BTreeMap::new() }).await;
    assert_eq!(summaries(&new.diagnostics), ["The state is newer than the provider"]);

    let none = upgraded(3, wire::RawState::default()).await;
    assert_eq!(summaries(&none.diagnostics), ["The stored state is empty"]);
}

#[tokio::test]
async fn bytes_that_are_no_value_of_the_schema_are_a_diagnostic() {
    let (client, _provider) = serve().await;
    // Not MessagePack at all; a text; an object with an attribute too many.
    for wrong in [&b"\xc1"[..], b"\xa1a", b"\x81\xa4nmae\xc0", b"\x81"] {
        let request = wire::validate_resource_type_config::Request {
            type_name: "demo_thing".to_owned(),
            config: bytes(wrong),
            client_capabilities: None,
        };
        let answer = client.wire().validate_resource_type_config(request).await.unwrap();
        let told = answer.into_inner().diagnostics;
        assert_eq!(summaries(&told), ["Terraform sent a value that does not fit the schema"]);
    }
}

#[test]
fn what_is_too_large_is_told_with_the_limit() {
    let deep = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let json = format!(r#"{{"value":{},"type":{}}}"#, deep(70), deep_type(70));
    let sent = wire::DynamicValue { msgpack: Vec::new(), json: json.into_bytes() };
    let told = super::super::decode::value(Some(&sent), &Type::Dynamic).unwrap_err();
    let told = told.iter().next().unwrap();
    assert_eq!(told.summary(), "A value is too large");
    assert!(told.text().contains("64 levels, which is the most that is read"), "{told:?}");
}

fn deep_type(depth: usize) -> String {
    format!(r#"{}"number"{}"#, r#"["list","#.repeat(depth), "]".repeat(depth))
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_before_it_has_come() {
    // Not compressed, and one byte longer than 256 MB.
    let announced = "\0\u{10}\0\0\u{1}".to_owned();
    let request = http::Request::post("/tfplugin5.Provider/ReadResource").body(announced).unwrap();
    let answer = tonic::codegen::Service::call(&mut service(), request).await.unwrap();
    let status = Status::from_header_map(answer.headers()).unwrap();
    assert!(status.message().contains("the limit is: 268435456 bytes"), "{status}");
}

#[tokio::test]
async fn json_in_place_of_msgpack_is_read_too() {
    let (client, _provider) = serve().await;
    let json = br#"{"name":["a"],"timeouts":null}"#.to_vec();
    let request = wire::validate_resource_type_config::Request {
        type_name: "demo_thing".to_owned(),
        config: Some(wire::DynamicValue { msgpack: Vec::new(), json }),
        client_capabilities: None,
    };
    let answer = client.wire().validate_resource_type_config(request).await.unwrap().into_inner();
    let place = answer.diagnostics[0].attribute.clone().unwrap();
    assert_eq!(path(place).unwrap(), Path::from("name"));
}

#[tokio::test]
async fn a_state_of_many_megabytes_goes_both_ways() {
    let (client, _provider) = serve().await;
    let shapes = client.shapes().await.unwrap();
    let shape = &shapes.resources["demo_thing"];
    client.configure(&shapes.provider.ty, &shapes.provider.body.empty()).await.unwrap();
    let mut state = shape.body.empty();
    *state.get_mut("name").unwrap() = Value::String("x".repeat(20 << 20));
    let object = Object { state: state.clone(), private: Vec::new() };
    let kept = client.read("demo_thing", &shape.ty, object).await.unwrap();
    assert!(kept.object.state == state);
}

#[tokio::test]
async fn the_schema_on_the_wire_is_the_one_that_was_written() {
    let (client, _provider) = serve().await;
    let shapes = client.shapes().await.unwrap();
    let thing = &shapes.resources["demo_thing"];
    assert_eq!(thing.version, 3);
    assert_eq!(thing.ty, Resource::schema(&Thing).ty());
    assert_eq!(thing.body.empty(), Resource::schema(&Thing).empty());
    let metadata = client.wire().get_metadata(wire::get_metadata::Request {}).await.unwrap();
    let metadata = metadata.into_inner();
    assert_eq!(metadata.resources[0].type_name, "demo_thing");
    assert_eq!(metadata.data_sources[0].type_name, "demo_thing");
    assert_eq!(shapes.data_sources["demo_thing"].ty, DataSource::schema(&Thing).ty());
    let capabilities = metadata.server_capabilities.unwrap();
    assert!(capabilities.plan_destroy && capabilities.get_provider_schema_optional);
}

#[test]
fn an_answer_that_terraform_could_not_use_is_a_violation() {
    assert!(Shape::read(None).is_err());
    assert!(Shape::read(Some(wire::Schema { version: 0, block: None })).is_err());
    assert!(told(vec![wire::Diagnostic::default()]).is_err(), "no severity");
    assert!(undeferred(Some(wire::Deferred::default())).is_err());
    let stepless = wire::AttributePath { steps: vec![wire::attribute_path::Step::default()] };
    assert!(path(stepless).is_err());
}
