//! New credentials, exactly as often as needed.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::*;
use crate::transport::script::{lost, refusal, unconnected};

fn rotation(version: Option<&str>) -> Update {
    let new = new();
    Update {
        name: new.name,
        connection_type: new.connection_type,
        endpoint: new.endpoint,
        auth_data: new.auth_data,
        resource_version: version.map(str::to_owned),
    }
}

async fn update(
    version: Option<&str>,
    steps: impl IntoIterator<Item = Step>,
) -> (Script, Result<Connection>) {
    let script = Script::new(steps);
    let result = connections(&script).update(&rotation(version)).await;
    (script, result)
}

/// The versions that the PUTs carried.
fn versions(script: &Script) -> Vec<Option<String>> {
    let sent = script.sent().into_iter().filter(|sent| sent.method == "PUT");
    sent.map(|sent| {
        let version = &sent.json()["metadata"]["resource_version"];
        version.as_str().map(str::to_owned)
    })
    .collect()
}

fn some(versions: &[&str]) -> Vec<Option<String>> {
    versions.iter().map(|version| Some((*version).to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn is_one_request_where_all_goes_well() {
    let (script, result) = update(Some("1"), [found("2")]).await;
    assert_eq!(result.unwrap().resource_version.as_deref(), Some("2"));
    assert_eq!(script.lines(), ["PUT openai"]);
    assert_eq!(versions(&script), some(&["1"]));

    let (script, result) = update(None, [found("2")]).await;
    result.unwrap();
    assert_eq!(versions(&script), [None]);
}

#[tokio::test(start_paused = true)]
async fn reads_back_what_the_answer_lacks() {
    let unversioned = answer(200, body("", LONG_AGO));
    for step in [answer(200, ""), found("2").cut(), unversioned] {
        let (script, result) = update(Some("1"), [step, found("2")]).await;
        assert_eq!(result.unwrap().resource_version.as_deref(), Some("2"));
        assert_eq!(script.lines(), ["PUT openai", "GET openai"]);
    }
    let (_, result) = update(Some("1"), [answer(200, ""), refusal(403)]).await;
    assert_eq!(result.unwrap().resource_version, None);
    let (_, result) = update(Some("1"), [answer(200, "<html>hello"), refusal(403)]).await;
    assert!(result.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn does_not_believe_a_stranger() {
    for strange in ["<html>welcome", r#"{"ok":true}"#, r#"{"name":"other"}"#] {
        let (_, result) = update(Some("1"), [answer(200, strange), found("1")]).await;
        let error = result.unwrap_err();
        assert!(error.to_string().contains("something else than the API"), "{error}");
        update(Some("1"), [answer(200, strange), found("2"), found("3")]).await.1.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn reads_back_for_a_caller_who_cancelled_meanwhile() {
    let script = Script::new([answer(200, "").after(5), found("2")]);
    let cancelled = CancellationToken::new();
    let patience = CallOptions::default().cancelled_by(cancelled.clone());
    let connections = connections(&script).within(patience);
    let rotation = rotation(Some("1"));
    let cancel = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        cancelled.cancel();
    };
    let (result, ()) = tokio::join!(connections.update(&rotation), cancel);
    assert_eq!(result.unwrap().resource_version.as_deref(), Some("2"));
}

#[tokio::test(start_paused = true)]
async fn takes_up_a_newer_version() {
    let steps = [refusal(409), found("2"), refusal(409), found("3"), found("4")];
    let (script, result) = update(Some("1"), steps).await;
    assert_eq!(result.unwrap().resource_version.as_deref(), Some("4"));
    assert_eq!(versions(&script), some(&["1", "2", "3"]));
}

#[tokio::test(start_paused = true)]
async fn gives_up_on_an_object_that_keeps_changing() {
    let conflict = |version| [refusal(409), found(version)];
    let steps = ["2", "3", "4"].into_iter().flat_map(conflict);
    let (script, result) = update(Some("1"), steps.chain([refusal(409)])).await;
    let error = result.unwrap_err();
    assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
    assert_eq!(versions(&script), some(&["1", "2", "3", "4"]));
}

#[tokio::test(start_paused = true)]
async fn does_not_repeat_a_conflict_that_is_not_about_versions() {
    let (script, result) = update(Some("1"), [refusal(409), found("1")]).await;
    assert!(result.unwrap_err().is_conflict());
    assert_eq!(script.lines(), ["PUT openai", "GET openai"]);
}

#[tokio::test(start_paused = true)]
async fn leaves_another_object_alone() {
    let mut other = body("9", LONG_AGO);
    other["spec"]["endpoint"] = json!("https://elsewhere");
    let (script, result) = update(Some("1"), [refusal(409), answer(200, other)]).await;
    let error = result.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_eq!(versions(&script), some(&["1"]));
}

#[tokio::test(start_paused = true)]
async fn notices_that_it_is_gone() {
    let (_, result) = update(Some("1"), [refusal(404)]).await;
    assert!(result.unwrap_err().is_not_found());
    let (_, result) = update(Some("1"), [refusal(409), refusal(404)]).await;
    assert!(result.unwrap_err().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn looks_before_it_sends_a_lost_write_again() {
    for step in [lost(), refusal(500), answer(502, "<html>")] {
        let (script, result) = update(Some("1"), [step, found("2"), found("3")]).await;
        assert_eq!(result.unwrap().resource_version.as_deref(), Some("3"));
        assert_eq!(script.lines(), ["PUT openai", "GET openai", "PUT openai"]);
        assert_eq!(versions(&script), some(&["1", "2"]));
        assert_eq!(script.waits(), [1, 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn sends_again_without_looking_what_was_never_processed() {
    let steps = [unconnected(), refusal(429), found("2")];
    let (script, result) = update(Some("1"), steps).await;
    result.unwrap();
    assert_eq!(versions(&script), some(&["1", "1", "1"]));
}

#[tokio::test(start_paused = true)]
async fn says_when_it_cannot_know() {
    let round = || [lost(), found("1")];
    let steps = (0..4).flat_map(|_| round()).chain([lost()]);
    let error = update(Some("1"), steps).await.1.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");

    let error = update(Some("1"), [lost(), refusal(403)]).await.1.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    assert!(error.to_string().contains("could not be looked up"), "{error}");

    let error = update(Some("1"), [refusal(422)]).await.1.unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn sends_again_where_the_answer_is_not_the_apis_and_the_version_moved() {
    let page = || answer(200, "<html><body>Welcome</body></html>");
    for step in [page(), answer(200, "ok")] {
        let (script, result) = update(Some("1"), [step, found("2"), found("3")]).await;
        assert_eq!(result.unwrap().resource_version.as_deref(), Some("3"));
        assert_eq!(script.lines(), ["PUT openai", "GET openai", "PUT openai"]);
        assert_eq!(versions(&script), some(&["1", "2"]));
    }

    // Once: the version moves with each write.
    let (script, result) = update(Some("1"), [page(), found("2"), page(), found("3")]).await;
    assert_eq!(result.unwrap().resource_version.as_deref(), Some("3"));
    assert_eq!(script.lines(), ["PUT openai", "GET openai", "PUT openai", "GET openai"]);
}
