//! From values to an author's types and back, for resources: their types are erased here,
//! so that the server can hold resources of all kinds.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::context::{Checkpoint, Exchange, Reply, Request, Writing};
use super::{Change, Create, Delete, Draft, Import, Plan, Read, Resource, Update, Upgrades};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::{self, decode, defect, encode};
use crate::schema::Schema;
use crate::value::Value;

/// A [`Resource`] that works on values and bytes.
pub(crate) trait Handlers: Send + Sync {
    fn schema(&self) -> &Schema;
    /// Creates an object. `writing` is the configuration and the place for what exists.
    fn create(
        &self,
        request: Request,
        planned: Value,
        writing: (Value, Checkpoint),
    ) -> Pending<Value>;
    /// Refreshes an object. `None` where it is gone.
    fn read(&self, request: Request, state: Value) -> Pending<Option<Value>>;
    /// Updates an object in place.
    fn update(
        &self,
        request: Request,
        change: Change<Value>,
        writing: (Value, Checkpoint),
    ) -> Pending<Value>;
    /// Deletes an object.
    fn delete(&self, request: Request, state: Value) -> Pending<()>;
    /// Runs the plan hook, which may decide values of the draft.
    fn plan(&self, request: Request, draft: Draft) -> Pending<Draft>;
    /// Makes a first state of an id, in which most values are null.
    fn import(&self, request: Request, id: String) -> Pending<Value>;
    /// Finds the steps that stored state of this version has to go through.
    fn upgrade(&self, version: u32) -> Option<Upgrade<'_>>;
    /// Describes what is wrong between schema and model, where anything is.
    fn disagreement(&self) -> Option<String>;
}

/// Makes the attributes of the current model of stored ones.
type Upgrade<'a> = Box<dyn Fn(&Value) -> Result<Value> + 'a>;

type Pending<T> = BoxFuture<'static, Reply<T>>;

/// A resource with its schema, made once.
pub(crate) struct Adapter<R: Resource> {
    resource: Arc<R>,
    schema: Arc<Schema>,
    upgrades: Upgrades<R::Model>,
}

impl<R: Resource> Adapter<R> {
    /// Asks a resource once for everything that does not change.
    pub(crate) fn new(resource: R) -> Self {
        let (schema, upgrades) = (Arc::new(resource.schema()), resource.upgrades());
        Self { resource: Arc::new(resource), schema, upgrades }
    }

    fn writing(&self, planned: &Value, (config, checkpoint): (Value, Checkpoint)) -> Writing {
        let schema = Arc::clone(&self.schema);
        Writing { schema, planned: planned.clone(), config, checkpoint }
    }
}

impl<R: Resource> Handlers for Adapter<R> {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn create(
        &self,
        request: Request,
        planned: Value,
        writing: (Value, Checkpoint),
    ) -> Pending<Value> {
        let resource = Arc::clone(&self.resource);
        let writing = self.writing(&planned, writing);
        Box::pin(async move {
            let mut cx = Create { exchange: Exchange::begin(request), writing };
            let outcome = match decode(planned) {
                Ok(planned) => {
                    resource.create(planned, &mut cx).await.and_then(|made| encode(&made))
                }
                Err(defect) => Err(defect),
            };
            cx.exchange.reply(outcome)
        })
    }

    /// Refreshes an object. `None` where it is gone.
    fn read(&self, request: Request, state: Value) -> Pending<Option<Value>> {
        let resource = Arc::clone(&self.resource);
        let schema = Arc::clone(&self.schema);
        Box::pin(async move {
            let mut cx = Read { exchange: Exchange::begin(request), schema, stored: state.clone() };
            let outcome = match decode(state) {
                Ok(state) => resource.read(state, &mut cx).await,
                Err(defect) => Err(defect),
            };
            let outcome = outcome.and_then(|found| found.map(|found| encode(&found)).transpose());
            cx.exchange.reply(outcome)
        })
    }

    fn update(
        &self,
        request: Request,
        change: Change<Value>,
        writing: (Value, Checkpoint),
    ) -> Pending<Value> {
        let resource = Arc::clone(&self.resource);
        let writing = self.writing(&change.after, writing);
        Box::pin(async move {
            let mut cx = Update { exchange: Exchange::begin(request), writing };
            let outcome = match (decode(change.before), decode(change.after)) {
                (Ok(before), Ok(after)) => resource
                    .update(Change { before, after }, &mut cx)
                    .await
                    .and_then(|made| encode(&made)),
                (Err(defect), _) | (_, Err(defect)) => Err(defect),
            };
            cx.exchange.reply(outcome)
        })
    }

    fn delete(&self, request: Request, state: Value) -> Pending<()> {
        let resource = Arc::clone(&self.resource);
        let schema = Arc::clone(&self.schema);
        Box::pin(async move {
            let mut cx =
                Delete { exchange: Exchange::begin(request), schema, stored: state.clone() };
            let outcome = match decode(state) {
                Ok(state) => resource.delete(state, &mut cx).await,
                Err(defect) => Err(defect),
            };
            cx.exchange.reply(outcome)
        })
    }

    /// Runs the plan hook, which may decide values of the draft.
    fn plan(&self, request: Request, draft: Draft) -> Pending<Draft> {
        let resource = Arc::clone(&self.resource);
        let schema = Arc::clone(&self.schema);
        Box::pin(async move {
            let mut plan = Plan { exchange: Exchange::begin(request), schema, draft };
            let outcome = resource.plan(&mut plan).await;
            let Plan { exchange, draft, .. } = plan;
            exchange.reply(outcome.map(|()| draft))
        })
    }

    fn import(&self, request: Request, id: String) -> Pending<Value> {
        let resource = Arc::clone(&self.resource);
        let mut state = self.schema.empty();
        Box::pin(async move {
            let mut cx = Import { exchange: Exchange::begin(request) };
            let outcome = resource.import(id, &mut cx).await.and_then(|stub| {
                for (name, value) in stub.into_fields() {
                    *state.get_mut(&name).ok_or_else(|| no_attribute(&name))? = value;
                }
                Ok(state)
            });
            cx.exchange.reply(outcome)
        })
    }

    fn upgrade(&self, version: u32) -> Option<Upgrade<'_>> {
        let upgrade = self.upgrades.find(version)?;
        Some(Box::new(move |stored| upgrade(stored).and_then(|model| encode(&model))))
    }

    fn disagreement(&self) -> Option<String> {
        let version = self.schema.state_version();
        let mistake = self.upgrades.find_mistake(version);
        mistake.or_else(|| model::disagreement::<R::Model>(&self.schema))
    }
}

fn no_attribute(name: &str) -> Diagnostic {
    defect(format!("An import sets `{name}`, which the schema does not have."))
}
