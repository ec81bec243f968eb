//! Deletes, once or again.

use super::*;

async fn delete(steps: impl IntoIterator<Item = Step>) -> (Script, Result<()>) {
    let script = Script::new(steps);
    let result = widgets(&script).delete("bolt").await;
    (script, result)
}

#[tokio::test(start_paused = true)]
async fn accepts_any_success() {
    for (status, body) in [(200, ""), (204, ""), (202, "{}")] {
        let (script, result) = delete([response(status, body)]).await;
        result.unwrap();
        assert_eq!(script.lines(), ["DELETE bolt"]);
    }
}

#[tokio::test(start_paused = true)]
async fn succeeds_if_the_object_is_absent() {
    delete([refusal(404)]).await.1.unwrap();
    delete([response(404, ""), list_of(&["other"])]).await.1.unwrap();
    delete([response(404, ""), list_of(&["bolt"])]).await.1.unwrap_err();
    let gateway = r#"{"message":"no Route matched with those values"}"#;
    delete([response(404, gateway), list_of(&["other"])]).await.1.unwrap();
    delete([response(404, gateway), response(404, gateway)]).await.1.unwrap_err();
    let error = delete([response(404, "<html>nginx")]).await.1.unwrap_err();
    assert!(error.to_string().contains("check the REST endpoint"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn distrusts_the_success_of_a_third_party() {
    let error = delete([response(200, "<html>welcome"), found("1")]).await.1.unwrap_err();
    assert!(error.to_string().contains("still there"), "{error}");
    delete([response(200, "<html>welcome"), refusal(404)]).await.1.unwrap();
    let error = delete([response(200, r#"{"ok":true}"#), found("1")]).await.1.unwrap_err();
    assert!(error.to_string().contains("still there"), "{error}");
    delete([response(200, r#"{"name":"other"}"#), refusal(404)]).await.1.unwrap();
    delete([response(200, "{}")]).await.1.unwrap();
    delete([response(200, r#"{"name":"bolt"}"#)]).await.1.unwrap();
}

#[tokio::test(start_paused = true)]
async fn repeats_a_request_without_response() {
    let (script, result) = delete([no_response(), refusal(404)]).await;
    result.unwrap();
    assert_eq!(script.lines(), ["DELETE bolt", "DELETE bolt"]);
}

#[tokio::test(start_paused = true)]
async fn reports_an_unknown_outcome() {
    let error = delete([no_response(), refusal(403)]).await.1.unwrap_err();
    assert!(error.is_forbidden() && error.outcome_unknown(), "{error}");
    let error = delete([refusal(403)]).await.1.unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
}
