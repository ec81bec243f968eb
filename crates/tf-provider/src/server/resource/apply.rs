//! `ApplyResourceChange`: create, update or delete as planned.
//!
//! The handler runs in a task of its own: when Terraform drops the request, a
//! change that is half done is carried to its end. What a handler saved before
//! it failed or panicked is stored beside the error.

use std::time::Duration;

use tokio::time::Instant;

use super::super::Server;
use super::{Kept, Object, complete};
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::resource::{Change, Checkpoint, Reply, Request};
use crate::schema::{Operation, Schema};
use crate::value::Value;

/// What was planned. A null plan deletes; a null prior state creates.
#[derive(Debug)]
pub(crate) struct ApplyRequest {
    pub(crate) prior: Value,
    pub(crate) planned: Object,
    pub(crate) config: Value,
}

/// How long a handler may overrun its own deadline before it is given up.
const GRACE: Duration = Duration::from_secs(15);

impl Server {
    pub(crate) async fn apply_resource(
        &self,
        type_name: &str,
        request: ApplyRequest,
    ) -> Result<Kept> {
        let ApplyRequest { prior, planned, config } = request;
        let handlers = self.handlers(type_name)?;
        let schema = handlers.schema();
        let (operation, object) = match (prior.is_null(), planned.state.is_null()) {
            (_, true) => (Operation::Delete, &prior),
            (true, false) => (Operation::Create, &planned.state),
            (false, false) => (Operation::Update, &planned.state),
        };
        let deadline = deadline(schema, operation, object);
        let call = Request {
            provider: self.configured()?,
            private: planned.private.clone(),
            deadline,
            cancelled: self.cancelled(),
        };
        let checkpoint = Checkpoint::default();
        let writing = (config, checkpoint.clone());
        let (before, after) = (prior.clone(), planned.state.clone());
        let reply = match operation {
            Operation::Delete => {
                let deleting = handlers.delete(call, before);
                run(async move { deleting.await.map(|()| Value::Null) }, deadline).await
            }
            Operation::Create | Operation::Read => {
                run(handlers.create(call, after, writing), deadline).await
            }
            Operation::Update => {
                run(handlers.update(call, Change { before, after }, writing), deadline).await
            }
        };
        let mut told = reply.warnings;
        let object = match reply.outcome {
            Ok(Value::Null) => Object { state: Value::Null, private: Vec::new() },
            Ok(made) => {
                Object { state: complete(schema, &made, &planned.state), private: reply.private }
            }
            Err(errors) => {
                told.extend(errors);
                what_exists(schema, &checkpoint, &prior, planned)
            }
        };
        Ok(Kept { object, told })
    }
}

/// When an operation on this object is over.
pub(super) fn deadline(schema: &Schema, operation: Operation, object: &Value) -> Option<Instant> {
    let limit = schema.configured_timeouts()?.limit(operation, object)?;
    Instant::now().checked_add(limit)
}

/// After a failure: what the handler saved, or else what was there before.
fn what_exists(schema: &Schema, checkpoint: &Checkpoint, prior: &Value, planned: Object) -> Object {
    match checkpoint.last() {
        Some(saved) => {
            let base = if prior.is_null() { &planned.state } else { prior };
            Object { state: complete(schema, &saved.state, base), private: saved.private }
        }
        None => Object { state: prior.clone(), private: planned.private },
    }
}

async fn run<F>(handler: F, deadline: Option<Instant>) -> Reply<Value>
where
    F: Future<Output = Reply<Value>> + Send + 'static,
{
    let task = tokio::spawn(async move {
        match deadline {
            Some(deadline) => tokio::time::timeout_at(deadline + GRACE, handler).await.ok(),
            None => Some(handler.await),
        }
    });
    let fault = match task.await {
        Ok(Some(reply)) => return reply,
        Ok(None) => Diagnostic::error("The operation took too long").detail(
            "It was given up after its timeout. The object may have changed; the next plan \
             looks. A longer time can be set in the `timeouts` block.",
        ),
        Err(_) => crate::diagnostics::panicked(),
    };
    Reply { outcome: Err(fault.into()), private: Vec::new(), warnings: Diagnostics::none() }
}

impl<T> Reply<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        Reply { outcome: self.outcome.map(change), private: self.private, warnings: self.warnings }
    }
}
