//! Tokens over a scripted identity provider, with time standing still.

use std::iter;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::advance;

use super::*;
use crate::Connections;
use crate::auth::ExternalToken;
use crate::client::{Client, ClientBuilder};
use crate::transport::script::{Script, Sent, Step, no_response, place, refusal, response};

fn oauth() -> OAuth {
    OAuth {
        token_url: "https://idp.example/token".to_owned(),
        client_id: "app".to_owned(),
        client_secret: Secret::new("planted-client-secret"),
        scope: Some("api a".to_owned()),
        identity_pool_id: "pool-1".to_owned(),
        sts_expires_in: Some(Duration::from_secs(600)),
    }
}

fn builder() -> ClientBuilder {
    Client::builder().credentials(Credentials::oauth(oauth()))
}

fn connections(script: &Script) -> Connections {
    script.client_with(builder()).connections(&place())
}

fn token(name: &str, life: impl Into<Value>) -> Step {
    response(
        200,
        json!({ "access_token": name, "token_type": "Bearer", "expires_in": life.into() }),
    )
}

fn empty_list() -> Step {
    response(200, json!({ "data": [] }))
}

fn bearers(script: &Script) -> Vec<String> {
    let bearer = |sent: &Sent| {
        let header = sent.header("authorization");
        header.strip_prefix("Bearer ").unwrap_or("-").to_owned()
    };
    script.sent().iter().map(bearer).collect()
}

#[tokio::test(start_paused = true)]
async fn takes_the_identity_providers_token_to_the_gateway() {
    let script = Script::new([token("idp-1", 3600), refusal(404), refusal(404)]);
    let connections = connections(&script);
    connections.find("x").await.unwrap();
    connections.find("x").await.unwrap();

    let sent = script.sent();
    assert_eq!(sent[0].url, "https://idp.example/token");
    assert_eq!(sent[0].header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(
        sent[0].body,
        "grant_type=client_credentials&client_id=app&client_secret=planted-client-secret&scope=api+a"
    );
    assert_eq!(bearers(&script), ["-", "idp-1", "idp-1"]);
    assert_eq!(sent[1].header("confluent-identity-pool-id"), "pool-1");
}

#[tokio::test(start_paused = true)]
async fn takes_confluents_token_to_the_control_plane() {
    let script = Script::new([token("idp-1", 3600), token("sts-1", 600), empty_list()]);
    script.client_with(builder()).environments().list(&()).all().await.unwrap();
    let sent = script.sent();
    assert_eq!(sent[1].url, "https://api.confluent.cloud/sts/v1/oauth2/token");
    let mut form: Vec<_> = url::form_urlencoded::parse(sent[1].body.as_bytes()).collect();
    form.sort();
    let form: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(
        form,
        [
            "expires_in=600",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
            "identity_pool_id=pool-1",
            "requested_token_type=urn:ietf:params:oauth:token-type:access_token",
            "subject_token=idp-1",
            "subject_token_type=urn:ietf:params:oauth:token-type:jwt",
        ]
    );
    assert_eq!(bearers(&script), ["-", "-", "sts-1"]);
    assert_eq!(sent[2].header("confluent-identity-pool-id"), "");
}

#[tokio::test(start_paused = true)]
async fn replaces_tokens_before_they_expire() {
    // (life, still used after)
    for (life, fresh) in [(json!(3600), 3419), (json!("240"), 179)] {
        let [first, second] = ["idp-1", "idp-2"].map(|name| token(name, life.clone()));
        let script = Script::new([first, refusal(404), refusal(404), second, refusal(404)]);
        let connections = connections(&script);
        for passed in [0, fresh, 2] {
            advance(Duration::from_secs(passed)).await;
            connections.find("x").await.unwrap();
        }
        assert_eq!(bearers(&script), ["-", "idp-1", "idp-1", "-", "idp-2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn fetches_one_token_for_all() {
    let steps = (0..10).map(|_| refusal(404));
    let script = Script::new(iter::once(token("idp-1", 3600).after(2)).chain(steps));
    let connections = connections(&script);
    let found = join_all((0..10).map(|_| connections.find("x"))).await;
    assert!(found.into_iter().all(|found| found.unwrap().is_none()));
    assert_eq!(bearers(&script).iter().filter(|it| *it == "-").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn fails_once_for_all_and_then_tries_again() {
    let refused = response(401, json!({ "error": "invalid_client" })).after(2);
    let script = Script::new([refused, token("idp-1", 3600), refusal(404)]);
    let connections = connections(&script);
    let (one, two) = tokio::join!(connections.find("x"), connections.find("y"));
    for error in [one.unwrap_err(), two.unwrap_err()] {
        let text = error.to_string();
        assert!(text.contains("POST /token") && text.contains("invalid_client"), "{text}");
        assert!(text.contains("no access token could be fetched"), "{text}");
    }
    assert_eq!(script.sent().len(), 1);
    connections.find("x").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_request_says_nothing_about_the_object() {
    for status in [403, 409] {
        let script = Script::new([response(status, json!({ "error": "refused" }))]);
        let connections = connections(&script);
        let error = connections.find("openai").await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert!(!error.is_conflict() && !error.is_forbidden(), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn replaces_a_token_that_is_refused_once() {
    let script = Script::new([
        token("idp-1", 3600),
        refusal(404),
        refusal(401),
        token("idp-2", 3600),
        refusal(401),
    ]);
    let connections = connections(&script);
    connections.find("x").await.unwrap();
    let error = connections.find("x").await.unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    assert_eq!(bearers(&script), ["-", "idp-1", "idp-1", "-", "idp-2"]);
}

#[tokio::test(start_paused = true)]
async fn replaces_both_tokens_for_the_control_plane() {
    let script = Script::new([
        token("idp-1", 3600),
        token("sts-1", 900),
        empty_list(),
        refusal(401),
        token("idp-2", 3600),
        token("sts-2", 900),
        empty_list(),
    ]);
    let environments = script.client_with(builder()).environments();
    environments.list(&()).all().await.unwrap();
    environments.list(&()).all().await.unwrap();
    assert_eq!(bearers(&script), ["-", "-", "sts-1", "sts-1", "-", "-", "sts-2"]);
}

#[tokio::test(start_paused = true)]
async fn fails_when_the_token_service_does() {
    for (step, words) in [
        (response(200, "<html>planted"), "no access token"),
        (response(200, json!({ "expires_in": 5 })), "no access token"),
        (response(200, json!({ "access_token": "a\nb" })), "a header cannot"),
        (response(400, "planted-client-secret"), "(redacted)"),
    ] {
        let script = Script::new([step]);
        let connections = connections(&script);
        let error = connections.find("x").await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    // A token endpoint may be asked again, whatever came of it.
    let script = Script::new([no_response(), refusal(500), token("idp-1", 60), refusal(404)]);
    let connections = connections(&script);
    connections.find("x").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn hides_the_tokens_it_sends() {
    let script = Script::new([
        token("planted-idp", 3600),
        token("planted-sts", 900),
        response(403, "planted-sts and planted-idp"),
    ]);
    let client = script.client_with(builder());
    let error = client.organizations().list(&()).all().await.unwrap_err();
    assert_eq!(error.message(), Some("(redacted) and (redacted)"));
}

#[tokio::test(start_paused = true)]
async fn uses_a_given_token_as_it_is() {
    let given = Credentials::external_token(ExternalToken {
        token: Secret::new("given"),
        identity_pool_id: "pool-1".to_owned(),
        sts_expires_in: None,
    });
    let script = Script::new([refusal(401), token("sts-1", 900), empty_list()]);
    let client = script.client_with(Client::builder().credentials(given));
    let error = client.connections(&place()).find("x").await.unwrap_err();
    assert!(error.to_string().contains("external access token was not accepted"), "{error}");
    client.environments().list(&()).all().await.unwrap();
    assert_eq!(bearers(&script), ["given", "-", "sts-1"]);
}

#[tokio::test(start_paused = true)]
async fn uses_other_credentials_for_the_control_plane() {
    let script = Script::new([refusal(404), empty_list()]);
    let cloud = Credentials::basic("CLOUD", "cloud-secret");
    let client = script.client_of(Client::builder().cloud_credentials(cloud));
    client.connections(&place()).find("x").await.unwrap();
    client.environments().list(&()).all().await.unwrap();
    let sent = script.sent();
    assert_ne!(sent[0].header("authorization"), sent[1].header("authorization"));
}

#[test]
fn refuses_credentials_that_cannot_work() {
    let build = |credentials| Client::builder().credentials(credentials).build();
    let with = |change: fn(&mut OAuth)| {
        let mut oauth = oauth();
        change(&mut oauth);
        Credentials::oauth(oauth)
    };
    for credentials in [
        Credentials::basic("", "planted"),
        Credentials::basic("key", ""),
        Credentials::basic("ke:y", "planted"),
        with(|it| it.client_secret = Secret::default()),
        with(|it| it.identity_pool_id = "pool\n".to_owned()),
        with(|it| it.token_url = "https://u:planted@idp.example/".to_owned()),
    ] {
        let error = build(credentials.clone()).unwrap_err();
        assert!(!format!("{error} {credentials:?}").contains("planted"), "{error}");
    }
    let error = Client::builder().build().unwrap_err();
    assert_eq!(error.to_string(), "no credentials were given");
}
