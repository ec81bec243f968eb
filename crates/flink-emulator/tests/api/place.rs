//! Regions, organizations and environments on one port.

use flink_emulator::{Emulator, Place, Region};

use crate::client::{COLLECTION, ORGANIZATION, Request, creation, openai, place};

const UNPREFIXED: &str =
    "/sql/v1/organizations/1111aaaa-0000-4000-8000-000000000001/environments/env-1/connections";

fn collection(organization: &str, environment: &str) -> String {
    format!("/sql/v1/organizations/{organization}/environments/{environment}/connections")
}

#[tokio::test]
async fn keeps_the_connections_of_different_places_apart() {
    let emulator = Emulator::start().await;
    let places = [
        place(),
        Place { region: "us-west-2".to_owned(), ..place() },
        Place { cloud: "gcp".to_owned(), ..place() },
        Place { environment: "env-2".to_owned(), ..place() },
        Place { organization: ORGANIZATION.replace('1', "2"), ..place() },
    ];
    for place in &places {
        let Place { organization, environment, cloud, region } = place;
        let path = format!("/flink/{cloud}/{region}{}", collection(organization, environment));
        let created = Request::post(&path, &creation("openai")).send(&emulator).await;
        assert_eq!(created.status, 201, "{place}");
    }
    assert_eq!(emulator.all_connections().len(), places.len());
    let private = COLLECTION.replace("/flink/", "/flink-private/");
    let read = Request::get(&format!("{private}/openai")).send(&emulator).await.json();
    assert_eq!(read["metadata"]["self"], format!("http://emulator.test{private}/openai"));
    emulator.connections(&place()).delete("openai");
    assert!(emulator.connections(&places[1]).get("openai").is_some());
}

#[tokio::test]
async fn takes_the_region_of_the_host_where_the_path_has_none() {
    let emulator = Emulator::start().await;
    let west = Place { region: "us-west-2".to_owned(), ..place() };
    emulator.connections(&west).insert(openai("openai")).unwrap();
    let path = format!("{UNPREFIXED}/openai");
    for (host, status) in [("flink.us-west-2.aws.confluent.cloud", 200), ("127.0.0.1", 404)] {
        let answer = Request::get(&path).header("Host", host).send(&emulator).await;
        assert_eq!(answer.status, status, "{host}");
        if status == 200 {
            assert_eq!(answer.json()["metadata"]["self"], format!("http://{host}{path}"));
        }
    }
    emulator.settings(|settings| settings.default_region = Region::new("aws", "us-west-2", ""));
    assert_eq!(Request::get(&path).send(&emulator).await.status, 200);
}

#[tokio::test]
async fn gives_addresses_to_a_client_that_names_no_host() {
    let emulator = Emulator::start().await;
    emulator.connections(&place()).insert(openai("openai")).unwrap();
    let url = format!("{}{UNPREFIXED}/openai", emulator.url());
    let absolute = Request::get(&url).without("Host").send(&emulator).await;
    assert_eq!(absolute.json()["metadata"]["self"], url);
    let nameless = Request::get(&format!("{UNPREFIXED}/openai")).without("Host");
    assert_eq!(nameless.send(&emulator).await.json()["metadata"]["self"], url);
}

#[tokio::test]
async fn refuses_malformed_ids() {
    let emulator = Emulator::start().await;
    let get = async |path: String| Request::get(&path).send(&emulator).await;
    get(collection("acme", "env-1")).await.blames(400, "organization_id");
    for environment in ["production", "env-"] {
        get(collection(ORGANIZATION, environment)).await.blames(400, "environment_id");
    }
    for region in ["mars/north", "aws/us.east"] {
        get(format!("/flink/{region}{UNPREFIXED}")).await.failure(404);
    }
    assert_eq!(get(COLLECTION.replace("/aws/", "/AWS/")).await.status, 200);
}
