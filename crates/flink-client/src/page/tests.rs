//! Walking lists over a scripted server.

use serde_json::json;

use super::*;
use crate::transport::script::{Script, Step, refusal, response};

fn page_of(names: &[&str], next: Value) -> Step {
    let data: Vec<Value> = names.iter().map(|name| json!({ "id": name })).collect();
    response(200, json!({ "data": data, "metadata": { "next": next } }))
}

async fn walk(steps: impl IntoIterator<Item = Step>) -> (Script, Result<Vec<String>>) {
    let script = Script::new(steps);
    let all = script.client().environments().list(&()).all().await;
    (script, all.map(|all| all.into_iter().map(|it| it.id).collect()))
}

#[test]
fn takes_the_token_out_of_any_url() {
    for (next, expected) in [
        ("", None),
        ("https://host/x?page_token=abc", Some("abc")),
        ("https://host/x?page_size=10&page_token=a%2Bb%3D%3D", Some("a+b==")),
        ("https://host/x&page_token=abc", Some("abc")),
        ("https://host/x?page_token=a+b#end", Some("a+b")),
        ("/x?page_token=abc&page_size=5", Some("abc")),
        ("https://host/x?page_token=", None),
    ] {
        assert_eq!(token(next).unwrap().as_deref(), expected, "{next}");
    }
    assert!(token("https://host/x?offset=10").is_err());
}

#[tokio::test(start_paused = true)]
async fn follows_pages_on_its_own_host() {
    let (script, all) = walk([
        page_of(&["a", "b"], json!("https://evil.example/x?page_token=one%3D")),
        page_of(&[], json!("https://evil.example/x&page_token=two")),
        page_of(&["c"], json!("")),
    ])
    .await;
    assert_eq!(all.unwrap(), ["a", "b", "c"]);
    let urls: Vec<String> = script.sent().into_iter().map(|sent| sent.url).collect();
    let first = "https://api.confluent.cloud/org/v2/environments?page_size=100";
    assert_eq!(
        urls,
        [first.to_owned(), format!("{first}&page_token=one%3D"), format!("{first}&page_token=two"),]
    );
}

#[tokio::test(start_paused = true)]
async fn ends_without_a_next_page() {
    for metadata in
        [json!({ "next": null }), json!({ "next": "" }), json!({}), json!(""), json!(null)]
    {
        let body = json!({ "data": [{ "id": "a" }], "metadata": metadata });
        let (_, all) = walk([response(200, body)]).await;
        assert_eq!(all.unwrap(), ["a"]);
    }
    let (_, all) = walk([response(200, json!({ "data": null }))]).await;
    assert_eq!(all.unwrap(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn refuses_to_run_in_a_circle() {
    let next = |token: &str| page_of(&["a"], json!(format!("https://host/?page_token={token}")));
    let (script, all) = walk([next("one"), next("two"), next("one")]).await;
    assert!(all.unwrap_err().to_string().contains("circle"));
    assert_eq!(script.sent().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn limits_the_pages_of_a_list() {
    let pages = |count: usize| {
        let steps = (0..count).map(|page| match page + 1 < count {
            true => page_of(&[], json!(format!("https://host/?page_token={page}"))),
            false => page_of(&["last"], json!("")),
        });
        walk(steps.collect::<Vec<_>>())
    };
    let (_, all) = pages(MOST_PAGES).await;
    assert_eq!(all.unwrap(), ["last"]);
    let (script, all) = pages(MOST_PAGES + 1).await;
    let said = all.unwrap_err().to_string();
    assert!(said.contains("a list without an end: it has more than the 10000 pages"), "{said}");
    assert_eq!(script.sent().len(), MOST_PAGES);
}

#[tokio::test(start_paused = true)]
async fn limits_the_bytes_of_a_list() {
    let body = json!({ "data": [] }).to_string();
    for (already, fits) in [(LARGEST_LIST - body.len(), true), (LARGEST_LIST, false)] {
        let script = Script::new([response(200, &body)]);
        let mut pager = script.client().organizations().list(&());
        pager.size = already;
        match pager.next_page().await {
            Ok(page) => assert!(fits && page.is_some_and(|page| page.is_empty())),
            Err(error) => assert!(!fits && error.to_string().contains("the 256 MB"), "{error}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn refuses_bodies_that_are_no_list() {
    for body in ["<html>", "{}", "[]", r#"{"data":{}}"#, r#"{"data":[{"name":"x"}]}"#] {
        let (_, all) = walk([response(200, body)]).await;
        assert!(all.unwrap_err().to_string().contains("no list"), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn ends_with_its_first_error() {
    let script = Script::new([refusal(403)]);
    let mut pager = script.client().organizations().list(&());
    assert!(pager.next_page().await.unwrap_err().is_forbidden());
    assert!(pager.next_page().await.unwrap().is_none());
}
