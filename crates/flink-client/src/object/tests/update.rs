//! Updates: exactly as often as needed.

use tokio_util::sync::CancellationToken;

use super::*;

async fn update(
    version: Option<&str>,
    steps: impl IntoIterator<Item = Step>,
) -> (Script, Result<Widget>) {
    let script = Script::new(steps);
    let result = widgets(&script).update(&spec(), version).await;
    (script, result)
}

/// The versions that the PUTs carried.
fn versions(script: &Script) -> Vec<Option<String>> {
    let sent = script.sent().into_iter().filter(|sent| sent.method == "PUT");
    sent.map(|sent| {
        let version = &sent.json()["version"];
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
    assert_eq!(result.unwrap().version(), Some("2"));
    assert_eq!(script.lines(), ["PUT bolt"]);
    assert_eq!(versions(&script), some(&["1"]));

    let (script, result) = update(None, [found("2")]).await;
    result.unwrap();
    assert_eq!(versions(&script), [None]);
}

#[tokio::test(start_paused = true)]
async fn reads_back_what_the_response_lacks() {
    let unversioned = response(200, body("", LONG_AGO));
    for step in [response(200, ""), found("2").cut(), unversioned] {
        let (script, result) = update(Some("1"), [step, found("2")]).await;
        assert_eq!(result.unwrap().version(), Some("2"));
        assert_eq!(script.lines(), ["PUT bolt", "GET bolt"]);
    }
    let (_, result) = update(Some("1"), [response(200, ""), refusal(403)]).await;
    assert_eq!(result.unwrap().version(), None);
    let (_, result) = update(Some("1"), [response(200, "<html>hello"), refusal(403)]).await;
    assert!(result.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn distrusts_the_success_of_a_third_party() {
    for strange in ["<html>welcome", r#"{"ok":true}"#, r#"{"name":"other"}"#] {
        let (_, result) = update(Some("1"), [response(200, strange), found("1")]).await;
        let error = result.unwrap_err();
        assert!(error.to_string().contains("something else than the API"), "{error}");
        update(Some("1"), [response(200, strange), found("2"), found("3")]).await.1.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn reads_back_after_a_cancellation() {
    let script = Script::new([response(200, "").after(5), found("2")]);
    let cancelled = CancellationToken::new();
    let options = CallOptions { cancelled: cancelled.clone(), ..CallOptions::default() };
    let widgets = widgets(&script).within(options);
    let spec = spec();
    let cancel = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        cancelled.cancel();
    };
    let (result, ()) = tokio::join!(widgets.update(&spec, Some("1")), cancel);
    assert_eq!(result.unwrap().version(), Some("2"));
}

#[tokio::test(start_paused = true)]
async fn writes_against_a_newer_version_after_a_conflict() {
    let steps = [refusal(409), found("2"), refusal(409), found("3"), found("4")];
    let (script, result) = update(Some("1"), steps).await;
    assert_eq!(result.unwrap().version(), Some("4"));
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
async fn does_not_repeat_a_conflict_of_another_kind() {
    let (script, result) = update(Some("1"), [refusal(409), found("1")]).await;
    assert!(result.unwrap_err().is_conflict());
    assert_eq!(script.lines(), ["PUT bolt", "GET bolt"]);
}

#[tokio::test(start_paused = true)]
async fn leaves_another_object_alone() {
    let (script, result) = update(Some("1"), [refusal(409), fresh_with("maker", "other")]).await;
    let text = result.unwrap_err().to_string();
    let expected = "the widget `bolt` is another one now, with another size or maker";
    assert!(text.starts_with(expected), "{text}");
    assert_eq!(versions(&script), some(&["1"]));
}

#[tokio::test(start_paused = true)]
async fn reports_an_absent_object() {
    let (_, result) = update(Some("1"), [refusal(404)]).await;
    assert!(result.unwrap_err().is_not_found());
    let (_, result) = update(Some("1"), [refusal(409), refusal(404)]).await;
    assert!(result.unwrap_err().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn reads_the_object_before_it_repeats_a_write_without_response() {
    for step in [no_response(), refusal(500), response(502, "<html>")] {
        let (script, result) = update(Some("1"), [step, found("2"), found("3")]).await;
        assert_eq!(result.unwrap().version(), Some("3"));
        assert_eq!(script.lines(), ["PUT bolt", "GET bolt", "PUT bolt"]);
        assert_eq!(versions(&script), some(&["1", "2"]));
        assert_eq!(script.waits(), [1, 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn repeats_at_once_what_was_never_processed() {
    let steps = [unconnected(), refusal(429), found("2")];
    let (script, result) = update(Some("1"), steps).await;
    result.unwrap();
    assert_eq!(versions(&script), some(&["1", "1", "1"]));
}

#[tokio::test(start_paused = true)]
async fn reports_an_unknown_outcome() {
    let round = || [no_response(), found("1")];
    let steps = (0..4).flat_map(|_| round()).chain([no_response()]);
    let error = update(Some("1"), steps).await.1.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");

    let error = update(Some("1"), [no_response(), refusal(403)]).await.1.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    assert!(error.to_string().contains("could not be looked up"), "{error}");

    let error = update(Some("1"), [refusal(422)]).await.1.unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn repeats_once_after_a_third_partys_success_if_the_version_moved() {
    let page = || response(200, "<html><body>Welcome</body></html>");
    for step in [page(), response(200, "ok")] {
        let (script, result) = update(Some("1"), [step, found("2"), found("3")]).await;
        assert_eq!(result.unwrap().version(), Some("3"));
        assert_eq!(script.lines(), ["PUT bolt", "GET bolt", "PUT bolt"]);
        assert_eq!(versions(&script), some(&["1", "2"]));
    }

    // Once: the version moves with each write.
    let (script, result) = update(Some("1"), [page(), found("2"), page(), found("3")]).await;
    assert_eq!(result.unwrap().version(), Some("3"));
    assert_eq!(script.lines(), ["PUT bolt", "GET bolt", "PUT bolt", "GET bolt"]);
}
