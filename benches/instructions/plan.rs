//! The calls of a plan for one connection, over gRPC as Terraform makes them.
//!
//! The counts include both ends of the wire: the provider, and the small Core, which also
//! checks the responses. There is no TLS.

use std::hint::black_box;

use serde_json::{Value as Json, json};
use terraform_provider_flink::provider;
use tf_provider::testing::{Action, Core};

use crate::count::Subject;
use crate::server::{self, Listing};

const ADDRESS: &str = "flink_connection.it";

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject { name: "gRPC, validate a connection", repeat: validate },
        Subject { name: "gRPC, plan a connection's creation", repeat: create },
        Subject {
            name: "gRPC, upgrade, refresh and plan an unchanged connection",
            repeat: nothing,
        },
    ]
}

fn validate(times: usize) {
    wait_for(async {
        let core = core().await;
        for _ in 0..times {
            black_box(core.validate("flink_connection", configuration()).await).succeeds();
        }
    });
}

fn create(times: usize) {
    wait_for(async {
        let core = core().await;
        for _ in 0..times {
            let plan = black_box(core.plan(ADDRESS, configuration()).await);
            assert_eq!(plan.action(), Action::Create);
        }
    });
}

fn nothing(times: usize) {
    wait_for(async {
        let core = core().await;
        core.apply(ADDRESS, configuration()).await.succeeds();
        for _ in 0..times {
            assert!(black_box(core.plan(ADDRESS, configuration()).await).is_empty());
        }
    });
}

/// A Core with the provider, configured for a server.
async fn core() -> Core {
    let address = server::start(Listing::Refused).await;
    let core = Core::start(provider()).await;
    let settings = json!({
        "organization_id": "1111aaaa-0000-4000-8000-000000000001",
        "environment_id": "env-1",
        "cloud": "aws",
        "region": "us-east-1",
        "flink_api_key": "K",
        "flink_api_secret": "S",
        "rest_endpoint": format!("http://{address}/flink/{{cloud}}/{{region}}"),
    });
    core.configure(settings).await.succeeds();
    core
}

fn configuration() -> Json {
    json!({
        "name": "openai",
        "type": "openai",
        "endpoint": "https://api.openai.com/v1/chat/completions",
        "credentials": { "api_key": "any" },
    })
}

/// Runs work to its end in one thread.
pub(crate) fn wait_for(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("the system gives a runtime what it needs").block_on(work);
}
