//! The rules of one noun, as the generic operations need them: data and pure functions.

use std::fmt;

use serde_json::Value;

use crate::secret::Secret;
use crate::types::Place;

/// A kind of object that can be read and listed.
pub trait Noun: Clone + fmt::Debug + Send + Sync + 'static {
    /// The part of the API that a collection belongs to, such as a [`Place`].
    type Scope;

    /// The restrictions that the API's list takes.
    type Filter;

    /// The name in messages, as in "the connection". Begins with a consonant.
    const NAME: &'static str;

    /// Returns the address of the collection.
    fn collection(scope: &Self::Scope) -> Collection<'_>;

    /// Returns the query of a list with this filter. The default is none.
    fn query(_: &Self::Filter) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    /// Reads an object; `Err` says what is missing and repeats nothing of the JSON.
    fn read(json: Value) -> Result<Self, String>;

    /// The last segment of the object's path: its name or its id.
    fn key(&self) -> &str;

    /// The server's free text, which may repeat a secret.
    fn free_text(&mut self) -> Option<&mut String> {
        None
    }
}

/// A kind of object that this client also writes.
pub trait Managed: Noun {
    /// An object as a caller wants it, with its secrets: the content of a write.
    type Spec: Sync;

    /// The knowledge that a caller has of an object from earlier calls.
    type Known: Sync;

    /// Returns the object that a write of `spec` leaves, as far as it is known without a
    /// response.
    fn written(spec: &Self::Spec) -> Self;

    /// Returns the JSON of a write, against a version if there is one.
    fn body(spec: &Self::Spec, version: Option<&str>) -> Value;

    /// Returns the values that no message may repeat.
    fn secrets(spec: &Self::Spec) -> Vec<Secret>;

    /// Returns the fields that cannot change, by name. Two objects with the same key are
    /// the same if these are equal.
    fn identity(&self) -> Vec<(&'static str, String)>;

    /// The id that the server gave the object.
    fn uid(&self) -> Option<&str>;

    /// An opaque word that changes with each write.
    fn version(&self) -> Option<&str>;

    /// The time of the creation, in RFC 3339.
    fn created_at(&self) -> Option<&str>;

    /// Returns true if an entry of a list shows no change since `known`, and lacks nothing
    /// that is known. A list may be older than the object, and may say less.
    fn confirms(&self, known: &Self::Known) -> bool;
}

/// The address of a collection.
#[derive(Debug)]
pub struct Collection<'a> {
    /// The server that holds it.
    pub server: Server<'a>,
    /// The segments of its path, not yet encoded.
    pub path: Vec<&'a str>,
}

/// A server of Confluent Cloud.
#[derive(Clone, Copy, Debug)]
pub enum Server<'a> {
    /// The Flink gateway of a place.
    Gateway(&'a Place),
    /// The control plane.
    ControlPlane,
}
