//! Secrets that were sent show in no log and in no error.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex};

use flink_client::{AuthData, CallOptions, Client, Credentials, ExternalToken, OAuth, Secret};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber, span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::server::{Act, Server, answer};
use crate::{GONE, builder, place, spec};

/// Records everything that is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Log {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        attributes.record(&mut self.clone());
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

#[tokio::test]
async fn show_in_no_log_and_no_error() {
    let log = Log::default();
    // For all threads, because with a subscriber of one thread only, what other tests
    // log first is never logged here.
    let subscriber = tracing_subscriber::registry().with(log.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let echo = "planted-api-key planted-key-secret S0VZOnBsYW50ZWQta2V5LXNlY3JldA==";
    let server = Server::start([
        answer(429, &["retry-after: 0"], echo),
        Act::Reset,
        answer(404, &[], GONE),
        answer(500, &[&format!("x-request-id: {echo}")], echo),
        answer(404, &[], GONE),
        answer(422, &[], echo),
        answer(307, &["location: https://planted-api-key.example/planted-api-key"], ""),
        Act::Reset,
        answer(503, &["retry-after: 200"], echo),
    ])
    .await;
    let client = builder(&server).build().unwrap();
    let options = CallOptions::default();
    let connections = client.connections(&place()).within(options.clone());
    let spec = spec();
    let mut shown = format!("{client:?} {connections:?} {spec:?}");
    let mut show = |error: flink_client::Error| {
        write!(shown, "\n{error}\n{error:?}\n{:?}", error.message()).unwrap();
    };
    show(connections.create(&spec).await.unwrap_err());
    show(connections.create(&spec).await.unwrap_err());
    let (result, ()) = tokio::join!(connections.create(&spec), async {
        while server.requests().len() < 9 {
            tokio::task::yield_now().await;
        }
        options.cancelled.cancel();
    });
    show(result.unwrap_err());

    let logged = log.0.lock().unwrap().clone();
    assert!(logged.contains("path=") && logged.contains("request_id="), "{logged}");
    for text in [shown, logged] {
        for secret in ["planted", "S0VZOnBsYW50ZWQ"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn show_in_no_debug_form_of_what_holds_them() {
    let secret = || Secret::new("planted-secret");
    let oauth = OAuth {
        token_url: "https://user:planted-password@idp.example.com".to_owned(),
        client_id: "client".to_owned(),
        client_secret: secret(),
        scope: None,
        identity_pool_id: "pool-1".to_owned(),
        sts_expires_in: None,
    };
    let token = ExternalToken {
        token: secret(),
        identity_pool_id: "pool-1".to_owned(),
        sts_expires_in: None,
    };
    let auth_data = AuthData::new().secret("API_KEY", secret());
    let shown = format!("{oauth:#?} {token:#?} {auth_data:#?} {:#?} {:?}", spec(), secret());
    let given = [
        Credentials::basic("KEY", secret()),
        Credentials::oauth(oauth),
        Credentials::external_token(token),
    ];
    let builders = given.clone().map(|credentials| {
        let builder = Client::builder().credentials(credentials.clone());
        let endpoint = "https://user:planted-password@flink.example.com";
        builder.cloud_credentials(credentials).rest_endpoint(endpoint).ca_bundle_pem("planted-key")
    });
    let shown = format!("{shown} {given:#?} {builders:#?}");
    assert!(shown.contains("pool-1") && shown.contains("ClientBuilder"), "{shown}");
    assert!(!shown.contains("planted"), "{shown}");
}
