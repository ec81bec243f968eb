//! Organizations, environments and regions.

use flink_emulator::{Emulator, Environment, Organization};
use serde_json::Value;

use crate::client::{COLLECTION, ORGANIZATION, Request, openai, place};

async fn get(emulator: &Emulator, path: &str) -> Value {
    let answer = Request::get(path).send(emulator).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn lists_samples_and_then_the_places_in_use() {
    let emulator = Emulator::start().await;
    let organizations = get(&emulator, "/org/v2/organizations").await;
    assert_eq!(organizations["kind"], "OrganizationList");
    assert_eq!(ids(&organizations).len(), 1);
    assert_eq!(
        ids(&get(&emulator, "/org/v2/environments").await),
        ["env-emulator", "env-emulator-2"]
    );

    emulator.connections(&place()).insert(openai("openai")).unwrap();
    assert_eq!(ids(&get(&emulator, "/org/v2/organizations").await), [ORGANIZATION]);
    assert_eq!(ids(&get(&emulator, "/org/v2/environments").await), ["env-1"]);
    emulator.connections(&place()).delete("openai");
    assert_eq!(ids(&get(&emulator, "/org/v2/environments").await).len(), 2);

    let path = format!("/org/v2/organizations/{}", ORGANIZATION.replace('1', "2"));
    assert_eq!(get(&emulator, &path).await["kind"], "Organization");
    assert_eq!(get(&emulator, "/org/v2/environments/env-9").await["kind"], "Environment");
    Request::get("/org/v2/environments/production").send(&emulator).await.failure(404);
    Request::get("/org/v2/organizations/acme").send(&emulator).await.failure(404);
}

#[tokio::test]
async fn lists_only_what_is_declared() {
    let emulator = Emulator::start().await;
    emulator.settings(|settings| {
        let display_name = "Acme".to_owned();
        settings.organizations.push(Organization { id: ORGANIZATION.to_owned(), display_name });
        for id in ["env-1", "env-2"] {
            settings.environments.push(Environment {
                id: id.to_owned(),
                organization: ORGANIZATION.to_owned(),
                display_name: "Production".to_owned(),
            });
        }
    });
    let path = format!("/org/v2/organizations/{ORGANIZATION}");
    let organization = get(&emulator, &path).await;
    assert_eq!(organization["display_name"], "Acme");
    assert_eq!(organization["metadata"]["self"], format!("http://emulator.test{path}"));
    let environment = get(&emulator, "/org/v2/environments/env-2").await;
    let crn = format!("crn://confluent.cloud/organization={ORGANIZATION}/environment=env-2");
    assert_eq!(environment["metadata"]["resource_name"], crn);
    Request::get("/org/v2/environments/env-9").send(&emulator).await.failure(404);
    let other = format!("/org/v2/organizations/{}", ORGANIZATION.replace('1', "2"));
    Request::get(&other).send(&emulator).await.failure(404);
    get(&emulator, COLLECTION).await;
    get(&emulator, &COLLECTION.replace("1111aaaa", "1111AAAA")).await;
    for unknown in [COLLECTION.replace("env-1", "env-9"), COLLECTION.replace("1111a", "2222a")] {
        Request::get(&unknown).send(&emulator).await.failure(404);
    }
}

#[tokio::test]
async fn lists_regions_with_endpoints_on_this_server() {
    let emulator = Emulator::start().await;
    let found = get(&emulator, "/fcpm/v2/regions?cloud=AWS&region_name=us-east-1").await;
    assert_eq!((&found["kind"], ids(&found)), (&"RegionList".into(), vec!["aws.us-east-1"]));
    let region = &found["data"][0];
    assert_eq!((&region["cloud"], &region["region_name"]), (&"AWS".into(), &"us-east-1".into()));
    assert_eq!(region["display_name"], "N. Virginia (us-east-1)");
    let endpoint = |prefix| format!("http://emulator.test/{prefix}/aws/us-east-1");
    assert_eq!(region["http_endpoint"], endpoint("flink"));
    assert_eq!(region["private_http_endpoint"], endpoint("flink-private"));
    assert_eq!(region["metadata"]["self"], "http://emulator.test/fcpm/v2/regions/aws.us-east-1");
    let lower = get(&emulator, "/fcpm/v2/regions?cloud=gcp&page_size=100").await;
    assert!(ids(&lower).iter().all(|id| id.starts_with("gcp.")) && !ids(&lower).is_empty());
    let public = lower["data"].as_array().unwrap().iter().find(|one| one["id"] == "gcp.us-west4");
    assert!(public.unwrap().get("private_http_endpoint").is_none());
    let path = "/fcpm/v2/regions/aws.us-east-1";
    Request::get(path).send(&emulator).await.failure(404);
    for path in ["/fcpm/v2/regions", "/org/v2/environments", "/org/v2/organizations"] {
        let refused = Request::get(&format!("{path}?color=blue")).send(&emulator).await;
        refused.blames(400, "color");
    }
}

#[tokio::test]
async fn pages_through_a_list() {
    let emulator = Emulator::start().await;
    let mut seen: Vec<String> = Vec::new();
    let mut next = "/fcpm/v2/regions?page_size=4".to_owned();
    for size in [4, 4, 2] {
        let page = get(&emulator, next.trim_start_matches("http://emulator.test")).await;
        assert_eq!((&page["metadata"]["total_size"], ids(&page).len()), (&10.into(), size));
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        next = page["metadata"]["next"].as_str().unwrap_or_default().to_owned();
    }
    assert!(next.is_empty() && seen.is_sorted_by(|one, other| one < other), "{seen:?}");
}
