//! Lists: order, pages, filters, and walks while others write.

use flink_emulator::{Emulator, NewConnection};
use serde_json::{Value, json};

use crate::client::{COLLECTION, Request, openai, place};

async fn with_connections(count: usize) -> Emulator {
    let emulator = Emulator::start().await;
    for number in (0..count).rev() {
        emulator.connections(&place()).insert(openai(&format!("c-{number:03}"))).unwrap();
    }
    emulator
}

fn names(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

async fn page(emulator: &Emulator, query: &str) -> Value {
    let answer = Request::get(&format!("{COLLECTION}{query}")).send(emulator).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Follows `next` from a page, as a client does.
async fn following(emulator: &Emulator, page: &Value) -> Option<Value> {
    let next = page["metadata"].get("next")?.as_str().unwrap();
    let path = next.strip_prefix("http://emulator.test").unwrap();
    Some(Request::get(path).send(emulator).await.json())
}

#[tokio::test]
async fn puts_ten_objects_on_a_page_in_the_order_of_names() {
    let emulator = with_connections(12).await;
    let first = page(&emulator, "").await;
    assert_eq!(
        (&first["kind"], &first["api_version"]),
        (&json!("ConnectionList"), &json!("sql/v1"))
    );
    assert_eq!(first["metadata"]["self"], format!("http://emulator.test{COLLECTION}"));
    let expected: Vec<String> = (0..10).map(|number| format!("c-{number:03}")).collect();
    assert_eq!(names(&first), expected);
    let second = following(&emulator, &first).await.unwrap();
    assert_eq!(names(&second), ["c-010", "c-011"]);
    assert!(following(&emulator, &second).await.is_none());
    assert_eq!(first["data"][0]["spec"]["auth_data"]["data"], "<REDACTED>");
    assert_eq!(first["data"][0]["status"]["phase"], "READY");
}

#[tokio::test]
async fn checks_the_size_and_the_token_of_a_page() {
    let emulator = with_connections(101).await;
    let first = page(&emulator, "?page_size=100").await;
    assert_eq!(names(&first).len(), 100);
    let next = first["metadata"]["next"].as_str().unwrap();
    assert!(next.contains("page_size=100"), "{next}");
    assert_eq!(names(&following(&emulator, &first).await.unwrap()), ["c-100"]);
    for wrong in ["0", "101", "-1", "ten", ""] {
        let path = format!("{COLLECTION}?page_size={wrong}");
        Request::get(&path).send(&emulator).await.blames(400, "page_size");
    }
    for wrong in ["", "x", "Yy0wMDA", &"x".repeat(256)] {
        let path = format!("{COLLECTION}?page_token={wrong}");
        Request::get(&path).send(&emulator).await.blames(400, "page_token");
    }
}

#[tokio::test]
async fn lists_every_object_that_stays_while_others_come_and_go() {
    let emulator = with_connections(9).await;
    let connections = emulator.connections(&place());
    let first = page(&emulator, "?page_size=3").await;
    connections.delete("c-001");
    connections.delete("c-002");
    connections.insert(openai("c-000-new")).unwrap();
    let second = following(&emulator, &first).await.unwrap();
    assert_eq!(names(&second), ["c-003", "c-004", "c-005"]);
    connections.delete("c-005");
    connections.insert(openai("c-005-new")).unwrap();
    let third = following(&emulator, &second).await.unwrap();
    assert_eq!(names(&third), ["c-005-new", "c-006", "c-007"]);
}

#[tokio::test]
async fn filters_by_type_and_by_nothing_else() {
    let emulator = with_connections(2).await;
    let new = NewConnection::new("b", "MONGODB", "mongodb+srv://host/db");
    let new = new.credential("USERNAME", "u").credential("PASSWORD", "p");
    emulator.connections(&place()).insert(new).unwrap();
    assert_eq!(names(&page(&emulator, "?spec.connection_type=MONGODB").await), ["b"]);
    assert_eq!(page(&emulator, "?spec.connection_type=REST").await["data"], json!([]));

    let path = format!("{COLLECTION}?status.phase=READY");
    let answer = Request::get(&path).send(&emulator).await;
    assert_eq!(answer.failure(400)["code"], "invalid_filter");
    answer.blames(400, "status.phase");
    let path = format!("{COLLECTION}?page_size=1&page_size=2");
    Request::get(&path).send(&emulator).await.blames(400, "page_size");
}
