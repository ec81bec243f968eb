//! The parts of the API, one module for each noun.

pub(crate) mod connection;
pub(crate) mod environment;
pub(crate) mod organization;

use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::page::Listing;
use crate::request::{Audience, Request};

/// The list behind a path of the control plane, whose entries are read as they are.
fn cloud_listing<T: DeserializeOwned>(client: &Client, path: &[&str]) -> Listing<T> {
    let url = client.inner.cloud.join(path);
    let request = url.map(|url| Request::get(Audience::ControlPlane, url));
    Listing::new(client.clone(), request, |entry| {
        // The message of the JSON library would repeat values.
        serde_json::from_value(entry).map_err(|_| "an entry of another kind".to_owned())
    })
}
