//! Never two objects, never someone else's.

use super::*;
use crate::transport::script::{lost, refusal, unconnected};

async fn create(steps: impl IntoIterator<Item = Step>) -> (Script, Result<Connection>) {
    let script = Script::new(steps);
    let result = connections(&script).create(&new()).await;
    (script, result)
}

const LOOK: [&str; 2] = ["POST connections", "GET openai"];
const ADOPTED: [&str; 3] = ["POST connections", "GET openai", "PUT openai"];

fn created() -> Step {
    answer(201, body("1", JUST_NOW))
}

#[tokio::test(start_paused = true)]
async fn is_one_request_where_all_goes_well() {
    let (script, result) = create([created()]).await;
    assert_eq!(result.unwrap().uid.as_deref(), Some("uid-1"));
    let [sent] = &script.sent()[..] else { panic!("one request is enough") };
    assert_eq!(sent.header("content-type"), "application/json");
    assert_eq!(
        sent.json(),
        json!({
            "name": "openai",
            "spec": {
                "connection_type": "openai",
                "endpoint": "https://api.openai.com/v1",
                "auth_data": { "kind": "PlaintextProvider", "data": r#"{"API_KEY":"sk-planted"}"# },
            },
        })
    );
}

#[tokio::test(start_paused = true)]
async fn reads_back_what_the_answer_lacks() {
    let unversioned = answer(201, body("", JUST_NOW));
    for step in [answer(201, ""), created().cut(), unversioned] {
        let (script, result) = create([step, fresh("1")]).await;
        assert_eq!(result.unwrap().resource_version.as_deref(), Some("1"));
        assert_eq!(script.lines(), LOOK);
    }
}

#[tokio::test(start_paused = true)]
async fn keeps_what_was_accepted_even_if_it_cannot_be_read_back() {
    for look in [refusal(403), refusal(404)] {
        let (_, result) = create([answer(201, ""), look]).await;
        let connection = result.unwrap();
        assert_eq!(connection.name, "openai");
        assert_eq!(connection.uid, None);
    }
}

#[tokio::test(start_paused = true)]
async fn lets_the_api_spell_what_it_accepted() {
    let mut spelled = body("1", JUST_NOW);
    spelled["spec"]["endpoint"] = json!("https://api.openai.com/v1/");
    let (_, result) = create([answer(201, ""), answer(200, spelled)]).await;
    assert_eq!(result.unwrap().endpoint, "https://api.openai.com/v1/");
}

#[tokio::test(start_paused = true)]
async fn does_not_believe_a_stranger_who_accepts() {
    let (_, result) = create([answer(200, "<html>Welcome"), refusal(404)]).await;
    let error = result.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    let (_, result) = create([answer(200, "<html>Welcome"), answer(200, "<html>Welcome")]).await;
    assert!(result.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn takes_over_what_a_strange_answer_stands_for_only_if_it_is_its_own() {
    for strange in [answer(200, "ok"), answer(200, ""), answer(201, "<html>Welcome")] {
        let (script, result) = create([strange.clone(), fresh("1"), found("2")]).await;
        assert_eq!(result.unwrap().resource_version.as_deref(), Some("2"));
        assert_eq!(script.lines(), ADOPTED);
        let (script, result) = create([strange, found("1")]).await;
        let error = result.unwrap_err();
        assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
        assert_eq!(script.lines(), LOOK);
    }
}

#[tokio::test(start_paused = true)]
async fn reports_a_name_that_is_taken() {
    let location = "https://u:p@host/connections/openai?key=k";
    let (script, result) = create([refusal(409).header("location", location)]).await;
    let error = result.unwrap_err();
    assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
    assert_eq!(error.location(), Some("https://host/connections/openai"));
    assert_eq!(script.lines(), ["POST connections"]);
}

#[tokio::test(start_paused = true)]
async fn sends_again_what_was_never_processed() {
    let busy = refusal(503).header("retry-after", "5");
    let steps = [unconnected(), refusal(429), busy, created()];
    let (script, result) = create(steps).await;
    result.unwrap();
    assert_eq!(script.waits(), [1, 1, 5]);
    assert_eq!(script.lines(), ["POST connections"; 4]);
}

#[tokio::test(start_paused = true)]
async fn sends_again_when_a_lost_request_has_made_nothing() {
    for step in [lost(), refusal(500), refusal(503), answer(504, "<html>")] {
        let (script, result) = create([step, refusal(404), created()]).await;
        result.unwrap();
        assert_eq!(script.lines(), ["POST connections", "GET openai", "POST connections"]);
    }
}

#[tokio::test(start_paused = true)]
async fn adopts_what_a_lost_request_has_made() {
    for step in [lost(), refusal(500), answer(502, "<html>")] {
        let (script, result) = create([step, fresh("1"), found("2")]).await;
        assert_eq!(result.unwrap().resource_version.as_deref(), Some("2"));
        assert_eq!(script.lines(), ADOPTED);
        let put = script.sent()[2].json();
        assert_eq!(put["metadata"]["resource_version"], "1");
        assert_eq!(put["spec"]["auth_data"]["data"], r#"{"API_KEY":"sk-planted"}"#);
    }
}

#[tokio::test(start_paused = true)]
async fn adopts_after_a_conflict_with_itself() {
    // The first request arrives after the look that did not find its object.
    let steps = [lost(), refusal(404), refusal(409), fresh("1"), found("2")];
    let (script, result) = create(steps).await;
    result.unwrap();
    assert_eq!(
        script.lines(),
        ["POST connections", "GET openai", "POST connections", "GET openai", "PUT openai"]
    );
    // A server that asks to come back later may have worked all the same.
    let busy = refusal(503).header("retry-after", "1");
    let (_, result) = create([busy, refusal(409), fresh("1"), found("2")]).await;
    result.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_is_not_forgotten_over_the_refusal_of_the_next() {
    for (first, doubted) in [(lost(), true), (refusal(500), false)] {
        let (_, result) = create([first, refusal(404), refusal(403)]).await;
        let error = result.unwrap_err();
        assert!(error.is_forbidden() && error.outcome_unknown() == doubted, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_adopt_what_was_there_before() {
    let (script, result) = create([lost(), found("1")]).await;
    let error = result.unwrap_err();
    assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
    assert!(error.to_string().contains("made before this call"), "{error}");
    assert_eq!(script.lines(), LOOK);
}

#[tokio::test(start_paused = true)]
async fn tells_its_own_by_the_servers_clock() {
    // The call began 21 seconds before the look: 20 for the lost answer, 1 to wait.
    for (made, own) in [
        ("2026-11-22T11:59:48Z", true),
        ("2026-11-22T11:59:46Z", false),
        ("2026-11-22T12:59:48+01:00", true),
    ] {
        let look = answer(200, body("1", made)).header("date", NOW);
        let (_, result) = create([lost().after(20), look, found("2")]).await;
        assert_eq!(result.is_ok(), own, "{made}");
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_adopt_what_it_cannot_place() {
    for made in ["", "yesterday"] {
        let look = answer(200, body("1", made)).header("date", NOW);
        let error = create([lost(), look]).await.1.unwrap_err();
        assert!(error.is_conflict() && error.outcome_unknown(), "{error}");
        assert!(error.to_string().contains("cannot be told"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn does_not_adopt_another_kind_of_object() {
    for (at, other) in [("connection_type", "MONGODB"), ("endpoint", "https://elsewhere?key=s3")] {
        let mut body = body("1", JUST_NOW);
        body["spec"][at] = json!(other);
        let look = answer(200, body).header("date", NOW);
        let error = create([lost(), look]).await.1.unwrap_err();
        assert!(error.is_conflict() && !error.outcome_unknown(), "{error}");
        assert!(!error.to_string().contains("s3"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn says_what_it_left_behind() {
    let (_, result) = create([lost(), fresh("1"), refusal(403)]).await;
    let error = result.unwrap_err();
    assert!(error.is_forbidden() && error.outcome_unknown(), "{error}");
    let left = error.left_behind().expect("the object is known");
    assert_eq!(left.uid.as_deref(), Some("uid-1"));
}

#[tokio::test(start_paused = true)]
async fn says_when_it_cannot_know() {
    let error = create([lost(), refusal(403)]).await.1.unwrap_err();
    assert!(error.outcome_unknown() && !error.is_forbidden(), "{error}");
    assert!(error.to_string().contains("could not be looked up"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn ends_with_a_look() {
    let steps = (0..5).flat_map(|_| [refusal(500), refusal(404)]);
    let (script, result) = create(steps).await;
    let error = result.unwrap_err();
    assert!(error.status() == Some(500) && !error.outcome_unknown(), "{error}");
    assert_eq!(script.sent().len(), 10);

    let steps = (0..5).flat_map(|_| [lost(), refusal(404)]);
    assert!(create(steps).await.1.unwrap_err().outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn sends_nothing_more_after_being_cancelled() {
    let script = Script::new([lost().after(5)]);
    let patience = CallOptions::default();
    let cancelled = patience.cancelled.clone();
    let connections = connections(&script).within(patience);
    let new = new();
    let (result, ()) = tokio::join!(connections.create(&new), async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        cancelled.cancel();
    });
    let error = result.unwrap_err();
    assert!(error.is_cancelled() && error.outcome_unknown(), "{error}");
    assert_eq!(script.lines(), ["POST connections"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_call_in_doubt_has_made_is_told_from_what_others_have() {
    let made = |at: &str| answer(200, body("1", at)).header("date", NOW);
    let another = |change: fn(&mut serde_json::Value)| {
        let mut body = body("1", JUST_NOW);
        change(&mut body);
        answer(200, body).header("date", NOW)
    };
    for (step, ago, is_ours) in [
        (made(JUST_NOW), 0..=5, true),
        (made(LONG_AGO), 0..=5, false),
        // Carried out when the call was over, and long after that by someone else.
        (made(JUST_NOW), 50..=60, true),
        (made(JUST_NOW), 70..=80, false),
        (made(LONG_AGO), 60..=80, true),
        (made(""), 0..=5, false),
        (
            another(|body| body["spec"]["endpoint"] = "https://other.example.com".into()),
            0..=5,
            false,
        ),
        (another(|body| body["spec"]["connection_type"] = "REST".into()), 0..=5, false),
        (refusal(404), 0..=5, false),
    ] {
        let ago = Duration::from_secs(*ago.start())..=Duration::from_secs(*ago.end());
        let shown = format!("{step:?} {ago:?}");
        let found = connections(&Script::new([step]));
        let found = found.find_lost("openai", "openai", "https://api.openai.com/v1", ago).await;
        assert_eq!(found.unwrap().is_some(), is_ours, "{shown}");
    }
    let refused = connections(&Script::new([refusal(403)]));
    let ago = Duration::ZERO..=Duration::ZERO;
    assert!(refused.find_lost("openai", "openai", "x", ago).await.unwrap_err().is_forbidden());
}
