//! The semantics of the protocol, in terms of values, schemas and the author's handlers. It
//! knows nothing of the wire: a second protocol would be a second `proto`, not a second
//! server.

mod configure;
mod data_source;
mod resource;

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub(crate) use self::data_source::DataRead;
pub(crate) use self::resource::apply::ApplyRequest;
pub(crate) use self::resource::plan::PlanRequest;
#[cfg(feature = "testing")]
pub(crate) use self::resource::plan::Planned;
pub(crate) use self::resource::{Object, StoredObject};
use crate::call;
use crate::diagnostics::{Diagnostic, Result};
use crate::provider::Parts;
use crate::resource::Handlers;
use crate::schema::{Operation, Schema};
use crate::value::Value;

/// One provider, with the result of configuring it.
pub(crate) struct Server {
    parts: Parts,
    session: Mutex<Session>,
}

/// The state between two `Configure` calls. In a process that Terraform reattaches to,
/// there are several.
#[derive(Default)]
struct Session {
    configured: Option<Arc<dyn Any + Send + Sync>>,
    cancelled: CancellationToken,
}

impl Server {
    /// A server of a provider that is not configured yet.
    pub(crate) fn new(parts: Parts) -> Self {
        Self { parts, session: Mutex::default() }
    }

    pub(crate) fn provider_schema(&self) -> &Schema {
        &self.parts.schema
    }

    pub(crate) fn resource_schemas(&self) -> impl Iterator<Item = (&str, &Schema)> {
        self.parts.resources.iter().map(|(name, handlers)| (name.as_str(), handlers.schema()))
    }

    pub(crate) fn resource_schema(&self, type_name: &str) -> Result<&Schema> {
        self.handlers(type_name).map(Handlers::schema)
    }

    /// Asks calls under way, and later ones, for an early end; until the next
    /// `Configure`.
    pub(crate) fn stop(&self) {
        self.session().cancelled.cancel();
    }

    fn handlers(&self, type_name: &str) -> Result<&dyn Handlers> {
        self.parts.resources.get(type_name).map(AsRef::as_ref).ok_or_else(|| {
            Diagnostic::error("Unknown resource type")
                .detail(format!("This provider has no resource `{type_name}`."))
                .into()
        })
    }

    /// The part of the session that a handler is given, to be done by `deadline`.
    fn call(&self, deadline: Option<Instant>) -> Result<call::Request> {
        let Session { configured, cancelled } = &*self.session();
        let provider = configured.clone().ok_or_else(|| {
            Diagnostic::error("The provider is not configured")
                .detail("Terraform sent a request before it configured the provider.")
        })?;
        Ok(call::Request { provider, deadline, cancelled: cancelled.clone() })
    }

    fn session(&self) -> std::sync::MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of an operation's time, by the timeouts of the schema and of the object.
fn deadline(schema: &Schema, operation: Operation, object: &Value) -> Option<Instant> {
    let limit = schema.configured_timeouts()?.limit(operation, object)?;
    Instant::now().checked_add(limit)
}
