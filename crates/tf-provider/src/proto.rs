//! The wire of plugin protocol 5.10: the only module that names generated types.

#[allow(
    clippy::all,
    clippy::pedantic,
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    reason = "generated code"
)]
pub(crate) mod generated {
    pub(crate) mod health;
    pub(crate) mod plugin;
    pub(crate) mod tfplugin5;
}
