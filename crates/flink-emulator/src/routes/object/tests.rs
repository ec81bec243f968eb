//! The routes with a noun of the tests. `tests/api` has the same over TCP, with
//! connections.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use serde_json::json;

use super::*;
use crate::error;
use crate::object::widget::Widget;
use crate::place::reached::Reached;
use crate::store::Shared;

const COLLECTION: &str =
    "/sql/v1/organizations/1111aaaa-0000-4000-8000-000000000001/environments/env-1/widgets";

/// A server of widgets without a network.
struct Widgets(TowerToHyperService<Router>);

impl Widgets {
    fn new() -> Self {
        let store = Arc::new(Store::<Widget>::open(Shared::default()).unwrap());
        Self(TowerToHyperService::new(routes(store).with_state(Arc::new(World::for_tests()))))
    }

    /// Sends a request, and returns the status and the JSON of the response.
    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let uri = format!("{COLLECTION}{path}");
        let mut request = Request::builder().method(method).uri(&uri);
        request = request.header("Content-Type", "application/json");
        let mut request = request.body(Body::from(body.to_string())).unwrap();
        let own = ("http", "emulator.test");
        let reached = Reached::of(request.uri(), &HeaderMap::new(), own, ("aws", "us-east-1"));
        request.extensions_mut().insert(reached);
        let response = error::finish(self.0.call(request).await.unwrap(), "id");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn create(&self, name: &str, size: &str) -> (u16, Value) {
        let body = json!({ "name": name, "spec": { "size": size, "color": "red" } });
        self.send("POST", "", body).await
    }
}

#[tokio::test]
async fn creates_reads_and_deletes_an_object() {
    let widgets = Widgets::new();
    let (status, created) = widgets.create("a w", "large").await;
    assert_eq!((status, &created["kind"]), (201, &json!("Widget")));
    assert_eq!(created["spec"], json!({ "size": "large", "color": "red" }));
    assert_eq!(created["metadata"]["self"], format!("http://emulator.test{COLLECTION}/a%20w"));
    assert_eq!(widgets.send("GET", "/a%20w", Value::Null).await, (200, created));
    let (status, taken) = widgets.create("a w", "large").await;
    assert_eq!((status, &taken["errors"][0]["code"]), (409, &json!("resource_already_exists")));
    assert_eq!(widgets.send("DELETE", "/a%20w", Value::Null).await.0, 200);
    let (status, absent) = widgets.send("GET", "/a%20w", Value::Null).await;
    assert_eq!(
        (status, &absent["errors"][0]["detail"]),
        (404, &json!("The widget 'a w' does not exist."))
    );
}

#[tokio::test]
async fn lists_pages_by_the_filters_of_the_noun() {
    let widgets = Widgets::new();
    for (name, size) in [("c", "large"), ("a", "large"), ("b", "small"), ("d", "large")] {
        widgets.create(name, size).await;
    }
    let (_, page) = widgets.send("GET", "?spec.size=large&page_size=2", Value::Null).await;
    let names: Vec<_> = page["data"].as_array().unwrap().iter().map(|item| &item["name"]).collect();
    assert_eq!((&page["kind"], names), (&json!("WidgetList"), vec![&json!("a"), &json!("c")]));
    let next = page["metadata"]["next"].as_str().unwrap();
    let (_, query) = next.split_once('?').unwrap();
    let (_, page) = widgets.send("GET", &format!("?{query}"), Value::Null).await;
    assert_eq!((&page["data"][0]["name"], &page["data"][1]), (&json!("d"), &Value::Null));
    let (status, refused) = widgets.send("GET", "?spec.color=red", Value::Null).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (400, &json!("invalid_filter")));
}

#[tokio::test]
async fn updates_only_what_can_change_and_only_the_current_version() {
    let widgets = Widgets::new();
    let (_, created) = widgets.create("w", "large").await;
    for (pointer, value, status) in [
        ("/spec/size", json!("small"), 422),
        ("/spec/color", json!("plaid"), 422),
        ("/spec/weight", json!(1), 400),
        ("/name", json!("v"), 422),
        ("/metadata/resource_version", json!("old"), 409),
    ] {
        let mut body = created.clone();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[field] = value;
        let (refused, error) = widgets.send("PUT", "/w", body).await;
        assert_eq!((refused, &error["errors"][0]["source"]["pointer"]), (status, &json!(pointer)));
    }
    let mut body = created.clone();
    body["spec"]["color"] = json!("blue");
    assert_eq!(widgets.send("PUT", "/w", body).await, (200, Value::Null));
    let (_, read) = widgets.send("GET", "/w", Value::Null).await;
    assert_eq!(read["spec"], json!({ "size": "large", "color": "blue" }));
    assert_ne!(read["metadata"]["resource_version"], created["metadata"]["resource_version"]);
}
