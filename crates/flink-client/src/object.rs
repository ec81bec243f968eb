//! Objects of the API: reads and writes that are the same for every noun.
//!
//! A *noun* is a kind of object, such as connections. It says where its collection is,
//! how an object is written in JSON and what makes two objects the same ([`Noun`],
//! [`Managed`]). [`Objects`] does the rest, and knows no noun:
//!
//! - `find` reads one object and decides whether it is absent;
//! - `create` makes an object exactly once, whatever becomes of a response;
//! - `update` writes against a version;
//! - `delete` removes an object and makes sure that it was removed.
//!
//! A write without a response has an *unknown outcome*. The object is then read before
//! the write is repeated.

mod absence;
mod create;
mod delete;
mod find;
mod noun;
mod objects;
mod update;

pub use noun::{Collection, Managed, Noun, Server};
pub use objects::Objects;

#[cfg(test)]
pub(crate) mod tests;
