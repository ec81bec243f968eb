//! The parts of the API, one module for each noun.

pub(crate) mod connection;
pub(crate) mod environment;
pub(crate) mod organization;

use serde::de::DeserializeOwned;

use self::connection::Connections;
use self::environment::Environment;
use self::organization::Organization;
use crate::client::Client;
use crate::page::Listing;
use crate::request::{Audience, Request};
use crate::types::Place;

/// What a client can be asked for.
impl Client {
    /// The connections of one place.
    #[must_use]
    pub fn connections(&self, place: &Place) -> Connections {
        Connections::new(self.clone(), place.clone())
    }

    /// The environments the credentials can see.
    #[must_use]
    pub fn environments(&self) -> Listing<Environment> {
        environment::all(self)
    }

    /// The organizations the credentials can see, which is usually one.
    #[must_use]
    pub fn organizations(&self) -> Listing<Organization> {
        organization::all(self)
    }
}

/// The list behind a path of the control plane, whose entries are read as they are.
fn cloud_listing<T: DeserializeOwned>(client: &Client, path: &[&str]) -> Listing<T> {
    let url = client.inner.cloud.join(path);
    let request = url.map(|url| Request::get(Audience::ControlPlane, url));
    Listing::new(client.clone(), request, |entry| {
        // The message of the JSON library would repeat values.
        serde_json::from_value(entry).map_err(|_| "an entry of another kind".to_owned())
    })
}
