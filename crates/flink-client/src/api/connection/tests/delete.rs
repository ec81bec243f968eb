//! Removing, once or again.

use super::*;
use crate::transport::script::{lost, refusal};

async fn delete(steps: impl IntoIterator<Item = Step>) -> (Script, Result<()>) {
    let script = Script::new(steps);
    let result = connections(&script).delete("openai").await;
    (script, result)
}

#[tokio::test(start_paused = true)]
async fn takes_any_success() {
    for (status, body) in [(200, ""), (204, ""), (202, "{}")] {
        let (script, result) = delete([answer(status, body)]).await;
        result.unwrap();
        assert_eq!(script.lines(), ["DELETE openai"]);
    }
}

#[tokio::test(start_paused = true)]
async fn takes_its_absence_as_success() {
    delete([refusal(404)]).await.1.unwrap();
    delete([answer(404, ""), list_of(&["other"])]).await.1.unwrap();
    delete([answer(404, ""), list_of(&["openai"])]).await.1.unwrap_err();
    let gateway = r#"{"message":"no Route matched with those values"}"#;
    delete([answer(404, gateway), list_of(&["other"])]).await.1.unwrap();
    delete([answer(404, gateway), answer(404, gateway)]).await.1.unwrap_err();
    let error = delete([answer(404, "<html>nginx")]).await.1.unwrap_err();
    assert!(error.to_string().contains("check the REST endpoint"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn does_not_believe_a_stranger() {
    let error = delete([answer(200, "<html>welcome"), found("1")]).await.1.unwrap_err();
    assert!(error.to_string().contains("still there"), "{error}");
    delete([answer(200, "<html>welcome"), refusal(404)]).await.1.unwrap();
    delete([answer(200, "{}")]).await.1.unwrap();
}

#[tokio::test(start_paused = true)]
async fn sends_again_when_the_answer_is_lost() {
    let (script, result) = delete([lost(), refusal(404)]).await;
    result.unwrap();
    assert_eq!(script.lines(), ["DELETE openai", "DELETE openai"]);
}

#[tokio::test(start_paused = true)]
async fn says_when_it_cannot_know() {
    let error = delete([lost(), refusal(403)]).await.1.unwrap_err();
    assert!(error.is_forbidden() && error.outcome_unknown(), "{error}");
    let error = delete([refusal(403)]).await.1.unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
}
