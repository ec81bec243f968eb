//! From values to an author's types and back: the one place where a resource's
//! own types are erased, so that the server can hold resources of all kinds.

use std::any::Any;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::context::{Checkpoint, Writing, encode_private, fault, model_fault};
use super::{Call, Change, Create, Delete, Draft, Import, Plan, Read, Resource, Update, Upgrades};
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::schema::Schema;
use crate::value::{Value, model};

/// What every call carries.
pub(crate) struct Request {
    pub(crate) provider: Arc<dyn Any + Send + Sync>,
    pub(crate) private: Vec<u8>,
    pub(crate) deadline: Option<Instant>,
    pub(crate) cancelled: CancellationToken,
}

/// What every call ends with.
pub(crate) struct Reply<T> {
    pub(crate) outcome: Result<T>,
    pub(crate) private: Vec<u8>,
    pub(crate) warnings: Diagnostics,
}

/// A [`Resource`] that works on values and bytes.
pub(crate) trait Handlers: Send + Sync {
    fn schema(&self) -> &Schema;
    fn create(
        &self,
        request: Request,
        planned: Value,
        writing: (Value, Checkpoint),
    ) -> Pending<Value>;
    fn read(&self, request: Request, state: Value) -> Pending<Option<Value>>;
    fn update(
        &self,
        request: Request,
        change: Change<Value>,
        writing: (Value, Checkpoint),
    ) -> Pending<Value>;
    fn delete(&self, request: Request, state: Value) -> Pending<()>;
    fn plan(&self, request: Request, draft: Draft) -> Pending<Draft>;
    fn import(&self, request: Request, id: String) -> Pending<Value>;
    /// Finds the steps that stored state of this version has to go through.
    fn upgrade(&self, version: u32) -> Option<Upgrade<'_>>;
    /// What is wrong between schema and model, where anything is.
    fn disagreement(&self) -> Option<String>;
}

/// Makes the attributes of today's model of stored ones.
type Upgrade<'a> = Box<dyn Fn(&Value) -> Result<Value> + 'a>;

type Pending<T> = BoxFuture<'static, Reply<T>>;

/// A resource with its schema, made once.
pub(crate) struct Adapter<R: Resource> {
    resource: Arc<R>,
    schema: Arc<Schema>,
    upgrades: Upgrades<R::Model>,
}

impl<R: Resource> Adapter<R> {
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
            let mut cx = Create { call: call::<R>(request), writing };
            let outcome = match decode::<R>(planned) {
                Ok(planned) => resource.create(planned, &mut cx).await.and_then(encode::<R>),
                Err(fault) => Err(fault),
            };
            cx.call.reply(outcome)
        })
    }

    fn read(&self, request: Request, state: Value) -> Pending<Option<Value>> {
        let resource = Arc::clone(&self.resource);
        let schema = Arc::clone(&self.schema);
        Box::pin(async move {
            let mut cx = Read { call: call::<R>(request), schema, stored: state.clone() };
            let outcome = match decode::<R>(state) {
                Ok(state) => resource.read(state, &mut cx).await,
                Err(fault) => Err(fault),
            };
            let outcome = outcome.and_then(|found| found.map(encode::<R>).transpose());
            cx.call.reply(outcome)
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
            let mut cx = Update { call: call::<R>(request), writing };
            let outcome = match (decode::<R>(change.before), decode::<R>(change.after)) {
                (Ok(before), Ok(after)) => {
                    resource.update(Change { before, after }, &mut cx).await.and_then(encode::<R>)
                }
                (Err(fault), _) | (_, Err(fault)) => Err(fault),
            };
            cx.call.reply(outcome)
        })
    }

    fn delete(&self, request: Request, state: Value) -> Pending<()> {
        let resource = Arc::clone(&self.resource);
        let schema = Arc::clone(&self.schema);
        Box::pin(async move {
            let mut cx = Delete { call: call::<R>(request), schema, stored: state.clone() };
            let outcome = match decode::<R>(state) {
                Ok(state) => resource.delete(state, &mut cx).await,
                Err(fault) => Err(fault),
            };
            cx.call.reply(outcome)
        })
    }

    fn plan(&self, request: Request, draft: Draft) -> Pending<Draft> {
        let resource = Arc::clone(&self.resource);
        let schema = Arc::clone(&self.schema);
        Box::pin(async move {
            let mut plan = Plan { call: call::<R>(request), schema, draft };
            let outcome = resource.plan(&mut plan).await;
            let Plan { call, draft, .. } = plan;
            call.reply(outcome.map(|()| draft))
        })
    }

    fn import(&self, request: Request, id: String) -> Pending<Value> {
        let resource = Arc::clone(&self.resource);
        let mut state = self.schema.empty();
        Box::pin(async move {
            let mut cx = Import { call: call::<R>(request) };
            let outcome = resource.import(id, &mut cx).await.and_then(|stub| {
                for (name, value) in stub.into_fields() {
                    *state.get_mut(&name).ok_or_else(|| no_attribute(&name))? = value;
                }
                Ok(state)
            });
            cx.call.reply(outcome)
        })
    }

    fn upgrade(&self, version: u32) -> Option<Upgrade<'_>> {
        let upgrade = self.upgrades.find(version)?;
        Some(Box::new(move |stored| upgrade(stored).and_then(encode::<R>)))
    }

    fn disagreement(&self) -> Option<String> {
        let version = self.schema.state_version();
        if let Some(fault) =
            self.schema.beyond_plan().or_else(|| self.upgrades.find_mistake(version))
        {
            return Some(fault);
        }
        self.schema.try_checks();
        let example = self.schema.example();
        let model: R::Model = match model::from_value(&example) {
            Ok(model) => model,
            Err(error) => {
                return Some(format!("the model cannot hold the schema's values: {error}"));
            }
        };
        let Ok(Value::Map(fields)) = model::to_value(&model) else {
            return Some("the model is not a struct with named fields".to_owned());
        };
        fields
            .keys()
            .find(|name| example.get(name).is_none())
            .map(|name| format!("the model has a field `{name}` that the schema does not have"))
    }
}

impl<R: Resource> Call<R> {
    fn reply<T>(self, outcome: Result<T>) -> Reply<T> {
        match encode_private::<R>(&self.private) {
            Ok(private) => Reply { outcome, private, warnings: self.warnings },
            Err(fault) => {
                Reply { outcome: Err(fault), private: Vec::new(), warnings: self.warnings }
            }
        }
    }
}

fn call<R: Resource>(request: Request) -> Call<R> {
    let provider = request
        .provider
        .downcast::<R::Provider>()
        .expect("a provider takes only resources that share its type");
    Call {
        provider,
        // What an older version of the provider remembered in another form is
        // forgotten, as if the object had just been imported.
        private: serde_json::from_slice(&request.private).unwrap_or_default(),
        warnings: Diagnostics::none(),
        deadline: request.deadline,
        cancelled: request.cancelled,
    }
}

/// Handlers see nothing unknown: what is not known yet is theirs to find out.
fn decode<R: Resource>(value: Value) -> Result<R::Model> {
    model::from_value(&value.unknown_as_null()).map_err(model_fault)
}

fn encode<R: Resource>(model: R::Model) -> Result<Value> {
    model::to_value(&model).map_err(model_fault)
}

fn no_attribute(name: &str) -> Diagnostic {
    fault(format!("An import sets `{name}`, which the schema does not have."))
}
