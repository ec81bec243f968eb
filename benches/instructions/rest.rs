//! Calls of the client, from the request to the typed response.

use std::hint::black_box;

use flink_client::{Client, Connections, Credentials, Filter, Place};

use crate::count::Subject;
use crate::plan::wait_for;
use crate::server::{self, Listing, PAGE};

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject { name: "REST, get a connection", repeat: get },
        Subject { name: "REST, get a page of 100 connections", repeat: list },
    ]
}

fn get(times: usize) {
    wait_for(async {
        let connections = connections(Listing::Refused).await;
        for _ in 0..times {
            black_box(connections.get("openai").await.expect("the server has it"));
        }
    });
}

fn list(times: usize) {
    wait_for(async {
        let connections = connections(Listing::Given).await;
        for _ in 0..times {
            let all = connections.list(&Filter::default()).all().await;
            assert_eq!(black_box(all.expect("the server lists them")).len(), PAGE);
        }
    });
}

async fn connections(listing: Listing) -> Connections {
    let address = server::start(listing).await;
    let client = Client::builder()
        .rest_endpoint(format!("http://{address}/flink/{{cloud}}/{{region}}"))
        .credentials(Credentials::basic("KEY", "secret"))
        .no_proxy()
        .build();
    let place = Place {
        organization: "1111aaaa-0000-4000-8000-000000000001".to_owned(),
        environment: "env-1".to_owned(),
        cloud: "aws".to_owned(),
        region: "us-east-1".to_owned(),
    };
    client.expect("the settings are good").connections(&place)
}
