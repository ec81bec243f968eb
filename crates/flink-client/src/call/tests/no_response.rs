//! Requests that could not be sent: the texts, the retries, and the host.

use super::*;
use crate::transport::ConnectError;
use crate::transport::script::not_connected;

#[tokio::test(start_paused = true)]
async fn retries_only_transient_failures_to_connect() {
    for (why, attempts) in [
        (ConnectError::UnknownHost, 1),
        (ConnectError::NotTls, 1),
        (ConnectError::Distrusted, 1),
        (ConnectError::Unresolved, 5),
        (ConnectError::Refused, 5),
        (ConnectError::Unreachable, 5),
        (ConnectError::TimedOut, 5),
        (ConnectError::Proxy, 5),
        (ConnectError::Other, 5),
    ] {
        let (script, error) = find((0..attempts).map(|_| not_connected(why))).await;
        assert_eq!(script.sent().len(), attempts, "{why:?}");
        assert!(error.is_unreachable() && !error.outcome_unknown(), "{why:?}");
        assert_eq!(error.host(), Some(HOST));
    }
}

#[tokio::test(start_paused = true)]
async fn explains_failures_to_connect() {
    for (why, said) in [
        (
            ConnectError::UnknownHost,
            ": nothing answers at HOST, because no host has this name; check the cloud and the \
             region, or the REST endpoint; private networking needs a REST endpoint of its own",
        ),
        (
            ConnectError::Unresolved,
            ": the name of the host of HOST could not be resolved for the moment; check this \
             machine's network and its name servers",
        ),
        (
            ConnectError::Unreachable,
            ": nothing answers at HOST, because no network leads there; check this machine's \
             network, firewalls on the way, and the REST endpoint; private networking needs a \
             REST endpoint of its own",
        ),
        (
            ConnectError::TimedOut,
            ": nothing answers at HOST, because no connection was made in time; check this \
             machine's network, firewalls on the way, and the REST endpoint; private networking \
             needs a REST endpoint of its own",
        ),
        (
            ConnectError::Proxy,
            " to HOST through the proxy; check the proxy that the environment names, and whether \
             it reaches this host",
        ),
        (ConnectError::Other, " to HOST"),
    ] {
        let script = Script::new([not_connected(why)]);
        let client = script.client_of(Client::builder().max_retries(0));
        let error = client.connections(&place()).find("x").await.unwrap_err();
        let path = "/sql/v1/organizations/org/environments/env-1/connections/x";
        let said = said.replace("HOST", HOST);
        let expected = format!("GET {path} could not be sent{said}: tcp connect error");
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn names_the_setting_that_an_unknown_host_of_the_control_plane_comes_from() {
    let script = Script::new([not_connected(ConnectError::UnknownHost)]);
    let error = script.client().environments().list(&()).all().await.unwrap_err();
    assert_eq!(error.host(), Some("https://api.confluent.cloud"));
    let text = error.to_string();
    assert!(text.contains("no host has this name; check the control plane's endpoint: "), "{text}");
    assert!(!text.contains("region"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn reports_an_unreachable_host_at_the_deadline() {
    for (step, host) in [(unconnected(), Some(HOST)), (no_response(), None)] {
        let hurried = CallOptions::at_most(Duration::from_millis(500));
        let error = find_within(&Script::new([step]), hurried).await.unwrap_err();
        assert!(error.is_timeout() && error.is_unreachable() == host.is_some(), "{error}");
        assert_eq!(error.host(), host);
    }
}

#[tokio::test(start_paused = true)]
async fn repeats_no_secret_in_the_name_of_a_host_that_a_server_names() {
    let elsewhere = "https://planted-user.us-west-2.aws.confluent.cloud/";
    let script = Script::new([
        response(307, "").header("location", elsewhere),
        not_connected(ConnectError::UnknownHost),
    ]);
    let error = script.client().connections(&place()).create(&spec()).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.host());
    assert!(!shown.contains("planted-user") && shown.contains("(redacted)"), "{shown}");
}
