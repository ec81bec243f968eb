//! Creation: never two objects, never someone else's.

use super::*;

async fn create(steps: impl IntoIterator<Item = Step>) -> (Script, Result<Widget>) {
    let script = Script::new(steps);
    let result = widgets(&script).create(&spec()).await;
    (script, result)
}

const LOOK: [&str; 2] = ["POST widgets", "GET bolt"];
const ADOPTED: [&str; 3] = ["POST widgets", "GET bolt", "PUT bolt"];

fn created() -> Step {
    response(201, body("1", JUST_NOW))
}

#[tokio::test(start_paused = true)]
async fn is_one_request_where_all_goes_well() {
    let (script, result) = create([created()]).await;
    assert_eq!(result.unwrap().fields["uid"], "uid-1");
    let [sent] = &script.sent()[..] else { panic!("one request is enough") };
    assert_eq!(sent.header("content-type"), "application/json");
    let expected = json!({
        "name": "bolt", "size": "M8", "maker": "acme", "secret": "planted", "version": null,
    });
    assert_eq!(sent.json(), expected);
}

#[tokio::test(start_paused = true)]
async fn reads_back_what_the_response_lacks() {
    let unversioned = response(201, body("", JUST_NOW));
    for step in [response(201, ""), created().cut(), unversioned] {
        let (script, result) = create([step, fresh("1")]).await;
        assert_eq!(result.unwrap().version(), Some("1"));
        assert_eq!(script.lines(), LOOK);
    }
}

#[tokio::test(start_paused = true)]
async fn succeeds_if_an_accepted_object_cannot_be_read_back() {
    for look in [refusal(403), refusal(404)] {
        let (_, result) = create([response(201, ""), look]).await;
        let widget = result.unwrap();
        assert_eq!((widget.name.as_str(), widget.version()), ("bolt", None));
    }
}

#[tokio::test(start_paused = true)]
async fn accepts_the_spelling_of_the_api() {
    let (_, result) = create([response(201, ""), fresh_with("maker", "ACME")]).await;
    assert_eq!(result.unwrap().fields["maker"], "ACME");
}

#[tokio::test(start_paused = true)]
async fn distrusts_the_success_of_a_third_party() {
    let (_, result) = create([response(200, "<html>Welcome"), refusal(404)]).await;
    let error = result.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    let (_, result) =
        create([response(200, "<html>Welcome"), response(200, "<html>Welcome")]).await;
    assert!(result.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn adopts_an_object_after_a_malformed_response_only_if_it_created_it() {
    for strange in [response(200, "ok"), response(200, ""), response(201, "<html>Welcome")] {
        let (script, result) = create([strange.clone(), fresh("1"), found("2")]).await;
        assert_eq!(result.unwrap().version(), Some("2"));
        assert_eq!(script.lines(), ADOPTED);
        let (script, result) = create([strange, found("1")]).await;
        let error = result.unwrap_err();
        assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
        assert_eq!(script.lines(), LOOK);
    }
}

#[tokio::test(start_paused = true)]
async fn reports_a_name_that_is_taken() {
    let (script, result) = create([refusal(409)]).await;
    let error = result.unwrap_err();
    assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
    assert_eq!(script.lines(), ["POST widgets"]);
}

#[tokio::test(start_paused = true)]
async fn repeats_what_was_never_processed() {
    let busy = refusal(503).header("retry-after", "5");
    let steps = [unconnected(), refusal(429), busy, created()];
    let (script, result) = create(steps).await;
    result.unwrap();
    assert_eq!(script.waits(), [1, 1, 5]);
    assert_eq!(script.lines(), ["POST widgets"; 4]);
}

#[tokio::test(start_paused = true)]
async fn repeats_a_request_without_response_that_created_nothing() {
    for step in [no_response(), refusal(500), refusal(503), response(504, "<html>")] {
        let (script, result) = create([step, refusal(404), created()]).await;
        result.unwrap();
        assert_eq!(script.lines(), ["POST widgets", "GET bolt", "POST widgets"]);
    }
}

#[tokio::test(start_paused = true)]
async fn adopts_the_object_of_a_request_without_response() {
    for step in [no_response(), refusal(500), response(502, "<html>")] {
        let (script, result) = create([step, fresh("1"), found("2")]).await;
        assert_eq!(result.unwrap().version(), Some("2"));
        assert_eq!(script.lines(), ADOPTED);
        let put = script.sent()[2].json();
        assert_eq!(put["version"], "1");
        assert_eq!(put["secret"], "planted");
    }
}

#[tokio::test(start_paused = true)]
async fn adopts_its_own_object_after_a_conflict() {
    // The first request arrives after the look that did not find its object.
    let steps = [no_response(), refusal(404), refusal(409), fresh("1"), found("2")];
    let (script, result) = create(steps).await;
    result.unwrap();
    assert_eq!(
        script.lines(),
        ["POST widgets", "GET bolt", "POST widgets", "GET bolt", "PUT bolt"]
    );
    // A server that asks to come back later may have worked all the same.
    let busy = refusal(503).header("retry-after", "1");
    let (_, result) = create([busy, refusal(409), fresh("1"), found("2")]).await;
    result.unwrap();
}

#[tokio::test(start_paused = true)]
async fn keeps_the_outcome_unknown_after_a_later_refusal() {
    for (first, unknown) in [(no_response(), true), (refusal(500), false)] {
        let (_, result) = create([first, refusal(404), refusal(403)]).await;
        let error = result.unwrap_err();
        assert!(error.is_forbidden() && error.outcome_unknown() == unknown, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_adopt_an_older_object() {
    let (script, result) = create([no_response(), found("1")]).await;
    let error = result.unwrap_err();
    assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
    assert!(error.to_string().contains("made before this call"), "{error}");
    assert_eq!(script.lines(), LOOK);
}

#[tokio::test(start_paused = true)]
async fn measures_ages_by_the_servers_clock() {
    // The call began 21 seconds before the look: 20 for the lost answer, 1 to wait.
    for (made, own) in [
        ("2026-11-22T11:59:48Z", true),
        ("2026-11-22T11:59:46Z", false),
        ("2026-11-22T12:59:48+01:00", true),
    ] {
        let look = response(200, body("1", made)).header("date", NOW);
        let (_, result) = create([no_response().after(20), look, found("2")]).await;
        assert_eq!(result.is_ok(), own, "{made}");
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_adopt_an_object_without_a_time_of_creation() {
    for made in ["", "yesterday"] {
        let look = response(200, body("1", made)).header("date", NOW);
        let error = create([no_response(), look]).await.1.unwrap_err();
        assert!(error.is_conflict() && error.outcome_unknown(), "{error}");
        assert!(error.to_string().contains("no time of creation"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_adopt_another_object() {
    for field in ["size", "maker"] {
        let look = fresh_with(field, "theirs");
        let error = create([no_response(), look]).await.1.unwrap_err();
        assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
        let text = error.to_string();
        let expected = format!("a widget `bolt` exists; it has another {field}");
        assert!(text.starts_with(&expected) && !text.contains("theirs"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn reports_the_object_left_behind() {
    let (_, result) = create([no_response(), fresh("1"), refusal(403)]).await;
    let error = result.unwrap_err();
    assert!(error.is_forbidden() && error.outcome_unknown(), "{error}");
    let left = error.left_behind::<Widget>().expect("the object is known");
    assert_eq!(left.uid(), Some("uid-1"));
}

#[tokio::test(start_paused = true)]
async fn reports_an_unknown_outcome_if_it_cannot_read_the_object() {
    let error = create([no_response(), refusal(403)]).await.1.unwrap_err();
    assert!(error.outcome_unknown() && !error.is_forbidden(), "{error}");
    assert!(error.to_string().contains("could not be looked up"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn reads_the_object_before_it_gives_up() {
    let steps = (0..5).flat_map(|_| [refusal(500), refusal(404)]);
    let (script, result) = create(steps).await;
    let error = result.unwrap_err();
    assert!(error.status() == Some(500) && !error.outcome_unknown(), "{error}");
    assert_eq!(script.sent().len(), 10);

    let steps = (0..5).flat_map(|_| [no_response(), refusal(404)]);
    assert!(create(steps).await.1.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn sends_nothing_after_a_cancellation() {
    let script = Script::new([no_response().after(5)]);
    let options = CallOptions::default();
    let cancelled = options.cancelled.clone();
    let widgets = widgets(&script).within(options);
    let spec = spec();
    let (result, ()) = tokio::join!(widgets.create(&spec), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        cancelled.cancel();
    });
    let error = result.unwrap_err();
    assert!(error.is_cancelled() && error.outcome_unknown(), "{error}");
    assert_eq!(script.lines(), ["POST widgets"]);
}

#[tokio::test(start_paused = true)]
async fn finds_the_object_of_an_unconfirmed_create_and_no_other() {
    let wanted = Widget::written(&spec());
    let made = |at: &str| response(200, body("1", at)).header("date", NOW);
    for (step, ago, is_ours) in [
        (made(JUST_NOW), 0..=5, true),
        (made(LONG_AGO), 0..=5, false),
        // Exchange out when the call was over, and long after that by someone else.
        (made(JUST_NOW), 50..=60, true),
        (made(JUST_NOW), 70..=80, false),
        (made(LONG_AGO), 60..=80, true),
        (made(""), 0..=5, false),
        (fresh_with("size", "M9"), 0..=5, false),
        (fresh_with("maker", "other"), 0..=5, false),
        (refusal(404), 0..=5, false),
    ] {
        let ago = Duration::from_secs(*ago.start())..=Duration::from_secs(*ago.end());
        let shown = format!("{step:?} {ago:?}");
        let found = widgets(&Script::new([step])).find_unconfirmed(&wanted, ago).await;
        assert_eq!(found.unwrap().is_some(), is_ours, "{shown}");
    }
    let refused = widgets(&Script::new([refusal(403)]));
    let ago = Duration::ZERO..=Duration::ZERO;
    assert!(refused.find_unconfirmed(&wanted, ago).await.unwrap_err().is_forbidden());
}
