//! Reads: present, absent or undecided.

use super::*;

async fn find(steps: impl IntoIterator<Item = Step>) -> (Script, Result<Option<Widget>>) {
    let script = Script::new(steps);
    let result = widgets(&script).find("bolt").await;
    (script, result)
}

#[tokio::test(start_paused = true)]
async fn is_absent_if_the_api_says_so() {
    let (_, result) = find([response(404, r#"{"errors":[{"status":"404"}]}"#)]).await;
    assert_eq!(result.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn is_not_absent_if_a_third_party_says_so() {
    for body in ["<html><title>404</title>", "404 page not found", r#"{"ok":false}"#] {
        let (script, result) = find([response(404, body)]).await;
        let error = result.unwrap_err();
        assert!(!error.is_not_found() && error.status() == Some(404), "{error}");
        assert!(error.to_string().contains("check the REST endpoint"), "{error}");
        assert_eq!(script.sent().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn confirms_an_inconclusive_404_with_a_list() {
    for body in ["", r#"{"message":"no Route matched with those values"}"#] {
        let (script, result) = find([response(404, body), list_of(&["other"])]).await;
        assert_eq!(result.unwrap(), None);
        assert_eq!(script.lines(), ["GET bolt", "GET widgets"]);

        let (_, result) = find([response(404, body), list_of(&["other", "bolt"])]).await;
        assert!(result.unwrap_err().to_string().contains("has the widget"));

        let (_, result) = find([response(404, body), response(404, body)]).await;
        let error = result.unwrap_err();
        assert!(error.to_string().contains("check the REST endpoint"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn is_not_absent_if_access_is_refused() {
    for body in [r#"{"message":"resource not found"}"#, "forbidden"] {
        let (_, result) = find([response(403, body)]).await;
        assert!(result.unwrap_err().is_forbidden());
    }
}

#[tokio::test(start_paused = true)]
async fn refuses_what_is_no_widget_or_another_one() {
    for body in ["", "<html>hello", "[]", "{}"] {
        let (_, result) = find([response(200, body)]).await;
        let error = result.unwrap_err();
        assert!(error.to_string().contains("no widget"), "{body:?}: {error}");
    }
    let mut other = body("1", LONG_AGO);
    other["name"] = json!("other");
    let (_, result) = find([response(200, other)]).await;
    assert!(result.unwrap_err().to_string().contains("another widget"));
}

#[tokio::test(start_paused = true)]
async fn retries_after_transient_failures() {
    let steps = [no_response(), refusal(500), found("1").cut(), refusal(404).cut(), found("1")];
    let (script, result) = find(steps).await;
    assert!(result.unwrap().is_some());
    assert_eq!(script.waits(), [1, 2, 4, 8]);
}

#[tokio::test(start_paused = true)]
async fn get_fails_if_the_object_is_absent() {
    let script = Script::new([refusal(404)]);
    let error = widgets(&script).get("bolt").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
