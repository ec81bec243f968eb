//! Issued tokens, the client secret that they are issued for, and the credentials of a
//! proxy.

use std::sync::{Arc, Mutex, PoisonError};

use flink_emulator::{ApiKey, Organization};

use crate::configuration::{Block, connection, ephemeral_variable, openai, provider};
use crate::interceptor::Trick;
use crate::scenario::Scenario;
use crate::secrets::echo::{
    FORMS, authorization, body, echo, proxy_authorization, user_and_password,
};
use crate::secrets::outputs::{Given, Output, Planted};
use crate::secrets::search::Secret;
use crate::world::{ORGANIZATION, World};

/// A provider that gets its tokens from the emulator's identity provider.
fn oauth(alias: Option<&str>) -> Block {
    let oauth = Block::new("oauth")
        .set("oauth_identity_pool_id", "pool-1")
        .expression("oauth_external_token_url", "\"${var.emulator}/oauth/token\"")
        .set("oauth_external_client_id", "client")
        .expression("oauth_external_client_secret", "var.secret");
    let block = provider().nested(&oauth);
    match alias {
        Some(alias) => block.set("alias", alias),
        None => block,
    }
}

/// A scenario whose only credential is the client secret.
fn with_client_secret(secret: &Secret, blocks: &str) -> Scenario {
    let variables = format!("variable \"emulator\" {{}}\n{}", ephemeral_variable("secret"));
    Scenario::new(format!("{variables}{blocks}"))
        .without("FLINK_API_KEY")
        .without("FLINK_API_SECRET")
        .with("TF_VAR_secret", &secret.difficult())
        .logged()
        .intercepted()
        .with("FLINK_MAX_RETRIES", "0")
}

/// A connection for each form, with a provider of its own if `alias` names one.
fn one_for_each_form(alias: impl Fn(usize) -> Option<String>) -> String {
    let block = |index: usize| {
        let name = format!("echo-{index}");
        let block =
            connection(&name, "OPENAI", "https://api.openai.com/v1").credential("api_key", "x");
        match alias(index) {
            Some(alias) => block.expression("provider", &format!("flink.{alias}")).to_string(),
            None => block.to_string(),
        }
    };
    (0..FORMS.len()).map(block).collect()
}

async fn fails(world: &World, planted: &Planted, times: usize) {
    let run = world.run(&["apply", "-no-color", "-auto-approve"]).await;
    let run = planted.watch(Output::Printed, run);
    let failures = run.stderr.matches("Error: Cannot create").count();
    assert_eq!(failures, times, "{}", run.shown());
    planted.watch_world(world);
}

#[tokio::test]
async fn tokens_that_are_issued_on_the_way_are_shown_nowhere() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Passing, "oauth_external_client_secret");
    let blocks = oauth(None).and(one_for_each_form(|_| None));
    let world = with_client_secret(&secret, &blocks).without("CONFLUENT_ORGANIZATION_ID").await;
    world.emulator.oauth_client(ApiKey::new("client", secret.difficult()));
    let organization =
        Organization { id: ORGANIZATION.to_owned(), display_name: "An organization".to_owned() };
    world.emulator.settings(|settings| settings.organizations.push(organization));
    let issued: Arc<Mutex<Vec<String>>> = Arc::default();
    let collect = Arc::clone(&issued);
    let record = Trick::edit(move |answer| {
        let token = answer["access_token"].as_str().unwrap_or_default().to_owned();
        collect.lock().unwrap_or_else(PoisonError::into_inner).push(token);
    });
    world.network().every("POST token", record);

    for form in FORMS {
        world.network().next("POST connections", echo(authorization, form));
    }
    let failed = world.run(&["apply", "-no-color", "-auto-approve"]).await;
    let applied = world.apply().await;
    let planned = world.plan().await.run;
    let destroyed = world.destroy().await;
    let tokens = issued.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(tokens.len() >= 4, "one of each issuer, in each run: {tokens:?}");
    for token in &tokens {
        // The first part is the same for all tokens.
        let payload = token.split('.').nth(1).expect("a token has parts");
        planted.add(Given::Passing, Secret::found("a token", payload));
    }
    assert!(failed.stderr.contains("(redacted)"), "{}", failed.stderr);
    for run in [failed, applied, planned, destroyed] {
        planted.watch(Output::Printed, run);
    }
    planted.watch_world(&world);
}

#[tokio::test]
async fn what_an_identity_provider_repeats_is_shown_nowhere() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Passing, "oauth_external_client_secret");
    let alias = |index: usize| format!("form-{index}");
    let providers: String =
        (0..FORMS.len()).map(|index| oauth(Some(&alias(index))).to_string()).collect();
    let blocks = providers + &one_for_each_form(|index| Some(alias(index)));
    let world = with_client_secret(&secret, &blocks).await;
    for form in FORMS {
        world.network().next("POST token", echo(body, form));
    }
    fails(&world, &planted, FORMS.len()).await;
}

#[tokio::test]
async fn what_a_proxy_repeats_of_its_credentials_is_shown_nowhere() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Environment, "HTTP_PROXY");
    let mut world = Scenario::new(one_for_each_form(|_| None)).logged().intercepted().await;
    world.set("FLINK_MAX_RETRIES", "0");
    world.set("FLINK_REST_ENDPOINT", "http://flink.{region}.{cloud}.confluent.invalid");
    world.set("HTTP_PROXY", &with_user(&world.network().url(), &secret));
    for form in FORMS {
        world.network().next("POST connections", echo(proxy_authorization, form));
    }
    fails(&world, &planted, FORMS.len()).await;
    world.network().clear();
    for form in FORMS {
        world.network().next("POST connections", echo(user_and_password, form));
    }
    fails(&world, &planted, FORMS.len()).await;
}

#[tokio::test]
async fn credentials_of_a_proxy_that_does_not_work_are_shown_nowhere() {
    let mut planted = Planted::default();
    let secret = planted.plant(Given::Environment, "a proxy");
    let mut world = Scenario::new(openai()).logged().intercepted().await;
    world.set("FLINK_MAX_RETRIES", "0");
    let tunnel = "CONNECT flink.us-east-1.aws.confluent.invalid:443";
    world.network().every(tunnel, echo(proxy_authorization, FORMS[0]));
    for (scheme, variable, proxy) in [
        ("https", "HTTPS_PROXY", world.network().url()),
        ("https", "https_proxy", "http://127.0.0.1:1".to_owned()),
        ("http", "HTTP_PROXY", "http://127.0.0.1:1".to_owned()),
        ("http", "ALL_PROXY", "socks5://127.0.0.1:1".to_owned()),
        ("http", "ALL_PROXY", "ftp://127.0.0.1:1".to_owned()),
        ("http", "HTTP_PROXY", "http://127.0.0.1:port".to_owned()),
    ] {
        let endpoint = format!("{scheme}://flink.{{region}}.{{cloud}}.confluent.invalid");
        world.set("FLINK_REST_ENDPOINT", &endpoint);
        world.set(variable, &with_user(&proxy, &secret));
        let run = world.run(&["apply", "-no-color", "-auto-approve"]).await;
        assert!(!run.status.success(), "{}", run.shown());
        planted.watch(Output::Printed, run);
        world.set(variable, "");
    }
    assert_eq!(world.requests(), [tunnel]);
    planted.watch_world(&world);
}

/// The URL of a proxy with a user and the secret as the password.
fn with_user(url: &str, secret: &Secret) -> String {
    let password: String = url::form_urlencoded::byte_serialize(secret.difficult().as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    url.replacen("://", &format!("://user:{password}@"), 1)
}
