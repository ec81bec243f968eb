//! The nouns of the API, one file each, and the methods of [`Client`](crate::Client) that
//! lead to them.
//!
//! A noun says where its objects are and how they are written; `object` does the rest.

pub(crate) mod connection;
pub(crate) mod environment;
mod json;
pub(crate) mod organization;
pub(crate) mod region;

#[cfg(test)]
mod tests;
