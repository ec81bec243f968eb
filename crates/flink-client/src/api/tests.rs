//! The nouns of the control plane: their addresses, filters and JSON.

use serde_json::json;

use crate::RegionFilter;
use crate::transport::script::{Script, refusal, response};

#[tokio::test(start_paused = true)]
async fn regions_are_listed_with_the_filters_of_the_api() {
    let region = json!({
        "id": "aws.us-east-2",
        "cloud": "AWS",
        "region_name": "us-east-2",
        "display_name": "Ohio (us-east-2)",
        "http_endpoint": "https://flink.us-east-2.aws.confluent.cloud",
        "private_http_endpoint": "",
    });
    let script = Script::new([response(200, json!({ "data": [region] }))]);
    let filter =
        RegionFilter { cloud: Some("AWS".to_owned()), region_name: Some("us-east-2".to_owned()) };
    let regions = script.client().regions().list(&filter).all().await.unwrap();
    assert_eq!((regions[0].cloud.as_str(), regions[0].region_name.as_str()), ("AWS", "us-east-2"));
    let public = regions[0].http_endpoint.as_deref();
    assert_eq!(public, Some("https://flink.us-east-2.aws.confluent.cloud"));
    assert_eq!(regions[0].private_http_endpoint, None);
    let url = "https://api.confluent.cloud/fcpm/v2/regions?cloud=AWS&region_name=us-east-2";
    assert_eq!(script.sent()[0].url, format!("{url}&page_size=100"));
}

#[tokio::test(start_paused = true)]
async fn an_environment_is_present_or_absent_by_the_apis_word() {
    let body = json!({ "id": "env-1", "display_name": "prod" });
    let nginx = response(404, "<html>nginx");
    let script = Script::new([response(200, body), refusal(404), nginx]);
    let environments = script.client().environments();
    let found = environments.find("env-1").await.unwrap().unwrap();
    assert_eq!(script.sent()[0].url, "https://api.confluent.cloud/org/v2/environments/env-1");
    assert_eq!((found.id.as_str(), found.display_name.as_deref()), ("env-1", Some("prod")));
    assert_eq!(environments.find("env-1").await.unwrap(), None);
    let text = environments.find("env-1").await.unwrap_err().to_string();
    assert!(text.contains("check the control plane's endpoint"), "{text}");
}
