//! `data "flink_environment"`: by id or display name.

use flink_emulator::Environment;

use super::{data, read, with_cloud_key};
use crate::configuration::Block;
use crate::scenario::Scenario;
use crate::world::{ORGANIZATION, World};

async fn world(configuration: &Block) -> World {
    let world = with_cloud_key(configuration).await;
    let environment = |id: &str, display_name: &str| Environment {
        id: id.to_owned(),
        organization: ORGANIZATION.to_owned(),
        display_name: display_name.to_owned(),
    };
    world.emulator.settings(|settings| {
        settings.environments = vec![
            environment("env-1", "staging"),
            environment("env-2", "production"),
            environment("env-3", "twice"),
            environment("env-4", "twice"),
        ];
    });
    world
}

#[tokio::test]
async fn is_found_by_its_id_and_by_its_display_name() {
    for (argument, value) in [("id", "env-2"), ("display_name", "production")] {
        let world = world(&data("flink_environment").set(argument, value)).await;
        let found = read(&world, "flink_environment").await;
        assert_eq!(found["id"], "env-2");
        assert_eq!(found["display_name"], "production");
        world.plan().await.is_empty();
    }
}

#[tokio::test]
async fn an_absent_or_ambiguous_one_is_an_error_that_says_what_to_do() {
    for (argument, value, summary, advice) in [
        ("id", "env-9", "No such environment", "`env-9`"),
        ("display_name", "prodution", "No such environment", "`production`"),
        ("display_name", "twice", "Several environments", "`env-3`, `env-4`"),
    ] {
        let world = world(&data("flink_environment").set(argument, value)).await;
        let run = world.plan_expecting_error(summary).await;
        assert!(run.shown().contains(advice), "{}", run.shown());
    }
}

#[tokio::test]
async fn needs_exactly_one_of_id_and_display_name() {
    let neither = data("flink_environment");
    let both = data("flink_environment").set("id", "env-1").set("display_name", "staging");
    for configuration in [neither, both] {
        let run = Scenario::new(configuration).await.validate().await;
        assert!(!run.status.success(), "{}", run.shown());
        let shown = run.shown();
        assert!(shown.contains("id") && shown.contains("display_name"), "{shown}");
    }
}
