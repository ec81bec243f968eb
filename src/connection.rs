//! `flink_connection`: where an external service is and how to authenticate to
//! it, for Flink SQL statements to use by name.
//!
//! What a connection type takes is data, in [`kind`] and [`credential`]; rules,
//! payload and documentation follow from it.

mod check;
mod credential;
mod drift;
mod import;
mod kind;
mod model;
mod payload;
mod resource;
mod schema;

pub(crate) use self::resource::Resource;
