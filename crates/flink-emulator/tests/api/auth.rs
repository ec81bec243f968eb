//! Authentication by API keys and tokens.

use std::time::Duration;

use flink_emulator::{ApiKey, Emulator};
use serde_json::Value;

use crate::client::{BASIC, COLLECTION, Request, Response, object, with_openai};

const POOL: &str = "confluent-identity-pool-id";
const EXCHANGE: &str = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange\
    &subject_token_type=urn:ietf:params:oauth:token-type:jwt\
    &requested_token_type=urn:ietf:params:oauth:token-type:access_token";

fn assert_refused(answer: &Response) {
    let error = answer.failure(401);
    assert_eq!(error["code"], "user_unauthenticated");
    let expected = r#"Basic error="invalid_key", error_description="The API Key is invalid""#;
    assert_eq!(answer.header("www-authenticate"), Some(expected));
}

async fn grant(emulator: &Emulator, form: &str) -> Response {
    Request::form("/oauth/token", form).send(emulator).await
}

async fn idp_token(emulator: &Emulator) -> String {
    let form = "grant_type=client_credentials&client_id=ID&client_secret=SECRET&scope=all";
    let answer = grant(emulator, form).await.json();
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&"Bearer".into(), &3600.into()));
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn exchange(emulator: &Emulator, token: &str, more: &str) -> Response {
    let form = format!("{EXCHANGE}&identity_pool_id=pool-1&subject_token={token}{more}");
    Request::form("/sts/v1/oauth2/token", &form).send(emulator).await
}

fn with_token(path: &str, token: &str) -> Request {
    Request::get(path).header("Authorization", &format!("Bearer {token}"))
}

#[tokio::test]
async fn requires_credentials() {
    let emulator = with_openai().await;
    for path in [COLLECTION, &object("openai"), "/org/v2/organizations", "/fcpm/v2/regions"] {
        let get = Request::get(path);
        assert_eq!(get.send(&emulator).await.status, 200, "{path}");
        assert_refused(&get.clone().without("Authorization").send(&emulator).await);
        for value in ["Basic", "Basic ***", "Basic S0VZOg==", "Digest x", "s3cret", "Bearer x"] {
            let answer = get.clone().header("Authorization", value).send(&emulator).await;
            assert_refused(&answer);
        }
    }
}

#[tokio::test]
async fn takes_only_the_required_keys_once_there_are_any() {
    let key = ApiKey::new("KEY", "SECRET");
    let emulator = Emulator::builder().require_key(key).start().await.unwrap();
    let get = Request::get(COLLECTION);
    assert_eq!(get.send(&emulator).await.status, 200);
    // KEY:OTHER and OTHER:SECRET.
    for value in ["Basic S0VZOk9USEVS", "Basic T1RIRVI6U0VDUkVU"] {
        assert_refused(&get.clone().header("Authorization", value).send(&emulator).await);
    }
    emulator.require_keys([ApiKey::new("KEY", "OTHER")]);
    assert_refused(&get.send(&emulator).await);
    emulator.require_keys([]);
    assert_eq!(get.send(&emulator).await.status, 200);
}

#[tokio::test]
async fn takes_a_token_of_the_identity_provider_on_the_gateway_with_a_pool() {
    let emulator = with_openai().await;
    let token = idp_token(&emulator).await;
    let with_pool = with_token(COLLECTION, &token).header(POOL, "pool-1");
    assert_eq!(with_pool.send(&emulator).await.status, 200);
    let pool = emulator.journal().entries().pop().unwrap().identity_pool;
    assert_eq!(pool.as_deref(), Some("pool-1"));
    assert_refused(&with_pool.clone().without(POOL).send(&emulator).await);
    let control_plane = with_token("/org/v2/organizations", &token).header(POOL, "pool-1");
    assert_refused(&control_plane.send(&emulator).await);

    emulator.clock().advance(Duration::from_secs(3600));
    assert_refused(&with_pool.send(&emulator).await);
}

#[tokio::test]
async fn takes_an_exchanged_token_on_the_control_plane() {
    let emulator = with_openai().await;
    let token = idp_token(&emulator).await;
    let answer = exchange(&emulator, &token, "").await.json();
    assert_eq!(answer["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&"Bearer".into(), &900.into()));
    let exchanged = answer["access_token"].as_str().unwrap();
    let control_plane = with_token("/org/v2/environments", exchanged);
    assert_eq!(control_plane.send(&emulator).await.status, 200);
    assert_refused(&with_token(COLLECTION, exchanged).header(POOL, "p").send(&emulator).await);

    emulator.revoke_tokens();
    assert_refused(&control_plane.send(&emulator).await);
}

#[tokio::test]
async fn checks_every_field_of_an_exchange() {
    let emulator = with_openai().await;
    let token = idp_token(&emulator).await;
    let form = format!("{EXCHANGE}&identity_pool_id=pool-1&subject_token={token}");
    for missing in form.split('&') {
        let kept: Vec<&str> = form.split('&').filter(|field| *field != missing).collect();
        let post = Request::form("/sts/v1/oauth2/token", &kept.join("&"));
        post.send(&emulator).await.blames(400, missing.split('=').next().unwrap());
    }
    for (more, field) in [
        ("&expires_in=901", "expires_in"),
        ("&expires_in=0", "expires_in"),
        ("&color=blue", "color"),
        ("&subject_token=again", "subject_token"),
    ] {
        exchange(&emulator, &token, more).await.blames(400, field);
    }
    assert_eq!(exchange(&emulator, &token, "&expires_in=60").await.json()["expires_in"], 60);
    exchange(&emulator, "forged", "").await.blames(400, "subject_token");
    emulator.clock().advance(Duration::from_secs(3600));
    exchange(&emulator, &token, "").await.blames(400, "subject_token");
    let post = Request::post("/sts/v1/oauth2/token", &Value::Null);
    post.send(&emulator).await.failure(415);
}

#[tokio::test]
async fn sends_the_errors_of_the_standard_as_identity_provider() {
    let emulator = with_openai().await;
    emulator.oauth_client(ApiKey::new("KEY", "SECRET"));
    let error = async |form: &str| {
        let answer = grant(&emulator, form).await;
        (answer.status, answer.json()["error"].as_str().unwrap().to_owned())
    };
    let credentials = "client_id=KEY&client_secret=SECRET";
    assert_eq!(error(credentials).await, (400, "invalid_request".to_owned()));
    let form = format!("grant_type=password&{credentials}");
    assert_eq!(error(&form).await, (400, "unsupported_grant_type".to_owned()));
    let form = "grant_type=client_credentials&client_id=KEY";
    assert_eq!(error(form).await, (400, "invalid_request".to_owned()));
    let form = "grant_type=client_credentials&client_id=KEY&client_secret=OTHER";
    assert_eq!(error(form).await, (401, "invalid_client".to_owned()));

    let basic = Request::form("/oauth/token", "grant_type=client_credentials");
    let answer = basic.header("Authorization", BASIC).send(&emulator).await;
    assert_eq!(answer.status, 200, "the client may authenticate by header: {answer:?}");
}
