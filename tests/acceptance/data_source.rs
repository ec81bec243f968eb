//! Data sources: objects that a configuration reads and does not manage.

mod connection;
mod connections;
mod environment;
mod region;

use serde_json::Value;

use crate::configuration::Block;
use crate::scenario::Scenario;
use crate::world::{KEY, World};

/// A data source, whose label is `this`.
fn data(type_name: &str) -> Block {
    Block::new(format!("data \"{type_name}\" \"this\""))
}

/// A scenario whose environment has an API key for the control plane.
fn with_cloud_key(configuration: &Block) -> Scenario {
    Scenario::new(configuration)
        .with("CONFLUENT_CLOUD_API_KEY", KEY.0)
        .with("CONFLUENT_CLOUD_API_SECRET", KEY.1)
}

/// Reads the data source and returns its state.
async fn read(world: &World, type_name: &str) -> Value {
    world.apply().await;
    world.stored(&format!("{type_name}.this"))
}
