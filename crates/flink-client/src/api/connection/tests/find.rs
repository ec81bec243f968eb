//! There, gone, or nobody knows.

use super::*;
use crate::transport::script::{lost, refusal};

async fn find(steps: impl IntoIterator<Item = Step>) -> (Script, Result<Option<Connection>>) {
    let script = Script::new(steps);
    let result = connections(&script).find("openai").await;
    (script, result)
}

#[tokio::test(start_paused = true)]
async fn asks_once_with_the_right_path_and_headers() {
    let (script, result) = find([found("7")]).await;
    assert_eq!(result.unwrap().unwrap().name, "openai");
    let [sent] = &script.sent()[..] else { panic!("one request is enough") };
    assert_eq!(
        sent.url,
        "https://flink.us-west-2.aws.confluent.cloud/sql/v1/organizations/org/environments/env-1/connections/openai"
    );
    assert_eq!(sent.header("authorization"), "Basic S0VZOmtleS1zZWNyZXQ=");
    assert_eq!(sent.header("accept"), "application/json");
    assert!(sent.headers["authorization"].is_sensitive());
}

#[tokio::test(start_paused = true)]
async fn is_gone_when_the_api_says_so() {
    let (_, result) = find([answer(404, r#"{"errors":[{"status":"404"}]}"#)]).await;
    assert_eq!(result.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn is_not_gone_when_a_stranger_says_so() {
    for body in ["<html><title>404</title>", "404 page not found", r#"{"ok":false}"#] {
        let (script, result) = find([answer(404, body)]).await;
        let error = result.unwrap_err();
        assert!(!error.is_not_found() && error.status() == Some(404), "{error}");
        assert!(error.to_string().contains("check the REST endpoint"), "{error}");
        assert_eq!(script.sent().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn confirms_an_inconclusive_404_with_a_list() {
    for body in ["", r#"{"message":"no Route matched with those values"}"#] {
        let (script, result) = find([answer(404, body), list_of(&["other"])]).await;
        assert_eq!(result.unwrap(), None);
        assert_eq!(script.lines(), ["GET openai", "GET connections"]);

        let (_, result) = find([answer(404, body), list_of(&["other", "openai"])]).await;
        assert!(result.unwrap_err().to_string().contains("has the connection"));

        let (_, result) = find([answer(404, body), answer(404, body)]).await;
        let error = result.unwrap_err();
        assert!(error.to_string().contains("check the REST endpoint"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn is_not_gone_when_access_is_refused() {
    for body in [r#"{"message":"resource not found"}"#, "forbidden"] {
        let (_, result) = find([answer(403, body)]).await;
        assert!(result.unwrap_err().is_forbidden());
    }
}

#[tokio::test(start_paused = true)]
async fn refuses_what_is_no_connection_or_another_one() {
    for body in ["", "<html>hello", "[]", "{}", r#"{"name":"openai","spec":{}}"#] {
        let (_, result) = find([answer(200, body)]).await;
        let error = result.unwrap_err();
        assert!(error.to_string().contains("no connection"), "{body:?}: {error}");
    }
    let mut other = body("1", LONG_AGO);
    other["name"] = json!("other");
    let (_, result) = find([answer(200, other)]).await;
    assert!(result.unwrap_err().to_string().contains("another connection"));
}

#[tokio::test(start_paused = true)]
async fn tries_again_after_what_may_pass() {
    let steps = [lost(), refusal(500), found("1").cut(), refusal(404).cut(), found("1")];
    let (script, result) = find(steps).await;
    assert!(result.unwrap().is_some());
    assert_eq!(script.waits(), [1, 2, 4, 8]);
}

#[tokio::test(start_paused = true)]
async fn get_wants_it_to_be_there() {
    let script = Script::new([refusal(404)]);
    let error = connections(&script).get("openai").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
