//! The provider itself: its settings, its ways to authenticate, its schema.

mod authentication;
mod schema;
mod settings;
