//! `data "flink_region"` and `data "flink_regions"`: from the control plane.

use flink_emulator::Fault;

use super::{data, read, with_cloud_key};
use crate::scenario::Scenario;

#[tokio::test]
async fn gives_the_endpoints_of_the_providers_region() {
    let world = with_cloud_key(&data("flink_region")).await;
    let found = read(&world, "flink_region").await;
    assert_eq!((&found["cloud"], &found["region"]), (&"aws".into(), &"us-east-1".into()));
    let public = found["rest_endpoint"].as_str().expect("a public endpoint");
    let private = found["private_rest_endpoint"].as_str().expect("a private endpoint");
    assert!(public.contains("us-east-1") && private.contains("private"), "{found}");
    world.plan().await.is_empty();
}

#[tokio::test]
async fn says_where_to_look_where_there_is_no_such_region() {
    let world = with_cloud_key(&data("flink_region").set("region", "us-nowhere-1")).await;
    let run = world.plan_expecting_error("No such region").await;
    assert!(run.shown().contains("`flink_regions`"), "{}", run.shown());
}

#[tokio::test]
async fn lists_the_regions_of_a_cloud_in_order() {
    let world = with_cloud_key(&data("flink_regions").set("cloud", "AZURE")).await;
    let found = read(&world, "flink_regions").await;
    let regions = found["regions"].as_array().expect("a list");
    let names: Vec<_> = regions.iter().map(|each| each["region"].as_str().unwrap()).collect();
    assert!(names.len() > 1 && names.is_sorted(), "{names:?}");
    assert!(regions.iter().all(|each| each["cloud"] == "azure"), "{found}");
}

#[tokio::test]
async fn a_flink_api_key_alone_is_refused_with_the_key_that_is_needed() {
    let world = Scenario::new(data("flink_regions")).with("FLINK_MAX_RETRIES", "0").await;
    world.emulator.faults().add(Fault::status(401).path("*/fcpm/*"));
    let run = world.plan_expecting_error("Cannot list the regions").await;
    assert!(run.shown().contains("CONFLUENT_CLOUD_API_KEY"), "{}", run.shown());
}
