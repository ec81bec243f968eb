//! `ApplyResourceChange`: create, update or delete as planned.
//!
//! The handler runs in a task of its own: if Terraform drops the request, a change that
//! has begun runs to its end. The object that a handler saved before it failed or panicked
//! is stored with the error.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::super::{Server, deadline};
use super::plan::differs;
use super::validate::missing_values;
use super::{Object, StoredObject, complete};
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::model::defect;
use crate::resource::{Change, Checkpoint, Handlers, Reply, Request};
use crate::schema::{Operation, Schema};
use crate::value::{Value, json};

/// The plan to apply. A null plan deletes; a null prior state creates.
#[derive(Debug)]
pub(crate) struct ApplyRequest {
    pub(crate) prior: Value,
    /// The planned state, and the private data of the plan.
    pub(crate) planned: Object,
    /// The configuration, the only place of write-only values.
    pub(crate) config: Value,
}

/// The time that a handler may overrun its deadline before it is given up.
const GRACE: Duration = Duration::from_secs(15);

impl Server {
    /// Applies a plan. The object of a failure is what exists: the one that the handler
    /// saved, or the prior one, which for a create is none.
    pub(crate) async fn apply_resource(
        &self,
        type_name: &str,
        request: ApplyRequest,
    ) -> Result<StoredObject> {
        let handlers = self.handlers(type_name)?;
        let schema = handlers.schema();
        if request.changes_nothing_at_the_service(schema) {
            return Ok(StoredObject { object: request.planned, diagnostics: Diagnostics::none() });
        }
        let (operation, object) = request.operation();
        if operation != Operation::Delete {
            let missing = missing_values(schema, object);
            if missing.has_errors() {
                // Without a state Terraform would forget the object.
                let object = Object { state: request.prior, private: request.planned.private };
                return Ok(StoredObject { object, diagnostics: missing });
            }
        }
        let deadline = deadline(schema, operation, object);
        let call = Request { call: self.call(deadline)?, private: request.planned.private.clone() };
        let checkpoint = Checkpoint::default();
        let reply = run(start(handlers, operation, call, &request, &checkpoint), deadline).await;
        let ApplyRequest { prior, planned, .. } = request;
        let mut diagnostics = reply.warnings;
        let object = match reply.outcome {
            Ok(Value::Null) => Object { state: Value::Null, private: Vec::new() },
            Ok(made) => {
                let made = complete(schema, &made, &planned.state);
                let state = storable(schema, made, planned.state, &mut diagnostics);
                Object { state, private: reply.private }
            }
            Err(errors) => {
                diagnostics.extend(errors);
                what_exists(schema, &checkpoint, &prior, planned)
            }
        };
        Ok(StoredObject { object, diagnostics })
    }
}

impl ApplyRequest {
    /// The operation, and the object whose timeouts hold.
    fn operation(&self) -> (Operation, &Value) {
        match (self.prior.is_null(), self.planned.state.is_null()) {
            (_, true) => (Operation::Delete, &self.prior),
            (true, false) => (Operation::Create, &self.planned.state),
            (false, false) => (Operation::Update, &self.planned.state),
        }
    }

    /// Returns true if this is an update of arguments that only the provider itself reads.
    fn changes_nothing_at_the_service(&self, schema: &Schema) -> bool {
        self.operation().0 == Operation::Update
            && !differs(schema, &self.prior, &self.planned.state)
    }
}

/// The handler's call; a deletion ends in null.
fn start(
    handlers: &dyn Handlers,
    operation: Operation,
    call: Request,
    request: &ApplyRequest,
    checkpoint: &Checkpoint,
) -> BoxFuture<'static, Reply<Value>> {
    let writing = (request.config.clone(), checkpoint.clone());
    let (before, after) = (request.prior.clone(), request.planned.state.clone());
    match operation {
        Operation::Create | Operation::Read => handlers.create(call, after, writing),
        Operation::Update => handlers.update(call, Change { before, after }, writing),
        Operation::Delete => {
            let deleting = handlers.delete(call, before);
            Box::pin(async move { deleting.await.map(|()| Value::Null) })
        }
    }
}

/// The object after a failure: the one that the handler saved, or else the prior one.
fn what_exists(schema: &Schema, checkpoint: &Checkpoint, prior: &Value, planned: Object) -> Object {
    match checkpoint.last() {
        Some(saved) => {
            let base = if prior.is_null() { &planned.state } else { prior };
            Object { state: complete(schema, &saved.state, base), private: saved.private }
        }
        None => Object { state: prior.clone(), private: planned.private },
    }
}

/// The object that a handler made, if it can be stored. One that cannot is a defect of the
/// provider, but the object exists: the known values of the plan are stored with the error.
fn storable(schema: &Schema, made: Value, planned: Value, diagnostics: &mut Diagnostics) -> Value {
    let Err(error) = json::encode(&made, &schema.ty()) else { return made };
    let defect = defect(format!(
        "The object was changed as planned, but what the provider made of it does not fit its \
         schema: {error}."
    ));
    diagnostics.push(defect.at(error.path().clone()));
    planned.unknown_as_null()
}

/// Runs a handler in a task of its own, and gives it up when its time is over.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::string;

    #[test]
    fn an_object_that_cannot_be_stored_is_reported_and_kept_as_planned() {
        let schema = Schema::resource("thing", "A thing.")
            .attribute(string("name").required())
            .attribute(string("uid").computed());
        let planned = Value::map([("name", Value::from("a")), ("uid", Value::Unknown)]);
        let made = Value::map([("name", Value::from("a")), ("uid", Value::list([1_i64]))]);
        let mut diagnostics = Diagnostics::none();
        let stored = storable(&schema, made, planned, &mut diagnostics);
        assert_eq!(stored, Value::map([("name", Value::from("a")), ("uid", Value::Null)]));
        assert_eq!(diagnostics.iter().next().and_then(Diagnostic::path), Some(&"uid".into()));
    }
}
