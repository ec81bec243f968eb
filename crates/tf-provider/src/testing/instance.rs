//! One resource instance, and what every walk asks about it: is the configuration
//! valid, what is stored, what is there?

use super::apply::Applied;
use super::core::Core;
use super::plan::Action;
use super::rules::stored::{Unknowns, whole};
use super::rules::{Broken, Held};
use super::state::Stored;
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::proto::client::{Answer, Shape};
use crate::server::{Kept, Object};
use crate::value::Value;

/// An address, and what the provider says of its type.
pub(super) struct Instance<'a> {
    pub(super) core: &'a Core,
    pub(super) address: &'a str,
    pub(super) type_name: &'a str,
    pub(super) shape: &'a Shape,
}

/// The object a walk begins with. A null state is no object.
#[derive(Debug)]
pub(super) struct Prior {
    pub(super) object: Object,
    pub(super) tainted: bool,
}

impl Prior {
    fn none() -> Self {
        Self { object: Object { state: Value::Null, private: Vec::new() }, tainted: false }
    }
}

impl Instance<'_> {
    pub(super) async fn validated(&self, config: &Value) -> Diagnostics {
        let answer = self.core.client().validate(self.type_name, &self.shape.ty, config).await;
        self.answered(answer)
    }

    /// What the state file holds, as a value of today's schema.
    pub(super) async fn upgraded(&self) -> Result<Prior> {
        let Some(stored) = self.core.stored(self.address) else { return Ok(Prior::none()) };
        let Shape { version, body, ty, .. } = self.shape;
        if stored.version() > *version {
            return Err(Diagnostic::error("Resource instance managed by newer provider version")
                .detail("The state was written under a version of the schema yet to come.")
                .into());
        }
        let json = stored.for_upgrade(body, *version);
        let answer = self.core.client().upgrade(self.type_name, ty, stored.version(), json).await;
        let (state, told) = self.answered(answer);
        if told.has_errors() {
            return Err(told);
        }
        self.hold(whole(body, &state, Unknowns::Refused));
        if state.is_null() {
            self.broken(&"UpgradeResourceState: a stored object became none");
        }
        let object = Object { state, private: stored.private().to_vec() };
        Ok(Prior { object, tainted: stored.is_tainted() })
    }

    /// What has become of an object. None where it is gone.
    pub(super) async fn read(&self, object: Object) -> (Object, Diagnostics) {
        let answer = self.core.client().read(self.type_name, &self.shape.ty, object).await;
        let Kept { object, told } = self.answered(answer);
        if !told.has_errors() {
            self.hold(whole(&self.shape.body, &object.state, Unknowns::Refused));
        }
        (object, told)
    }

    /// What is stored, upgraded and refreshed, and what was told on the way.
    pub(super) async fn refreshed(&self) -> (Result<Prior>, Diagnostics) {
        let prior = match self.upgraded().await {
            Ok(prior) if prior.object.state.is_null() => return (Ok(prior), Diagnostics::none()),
            Ok(prior) => prior,
            Err(errors) => return (Err(errors), Diagnostics::none()),
        };
        match self.read(prior.object).await {
            (_, told) if told.has_errors() => (Err(told), Diagnostics::none()),
            (object, told) if object.state.is_null() => (Ok(Prior::none()), told),
            (object, told) => (Ok(Prior { object, tainted: prior.tainted }), told),
        }
    }

    pub(super) async fn refresh(&self) -> Applied {
        let before = self.core.stored(self.address).map(|stored| stored.attributes());
        let (refreshed, mut told) = self.refreshed().await;
        match refreshed {
            Err(errors) => told.extend(errors),
            Ok(prior) => self.save(&prior.object, prior.tainted),
        }
        let action = match (before, self.core.stored(self.address)) {
            (Some(_), None) => Action::Delete,
            (Some(before), Some(after)) if before != after.attributes() => Action::Update,
            _ => Action::NoOp,
        };
        self.applied(action, told)
    }

    pub(super) async fn import(&self, id: &str) -> Applied {
        let answer = self.core.client().import(self.type_name, &self.shape.ty, id).await;
        let (mut found, mut told) = self.answered(answer);
        if told.has_errors() {
            return self.applied(Action::NoOp, told);
        }
        let Some((type_name, stub)) = found.pop().filter(|_| found.is_empty()) else {
            self.broken(&"ImportResourceState: an id stands for exactly one object");
        };
        if type_name != self.type_name {
            self.broken(&format!("ImportResourceState: the object is said to be a `{type_name}`"));
        }
        if stub.state.is_null() {
            self.broken(&"ImportResourceState: an imported object is null");
        }
        self.hold(whole(&self.shape.body, &stub.state, Unknowns::Refused));
        let (object, more) = self.read(stub).await;
        told.extend(more);
        if told.has_errors() {
            return self.applied(Action::NoOp, told);
        }
        if object.state.is_null() {
            let gone = Diagnostic::error("Cannot import non-existent remote object");
            told.push(gone.detail(format!("The provider found nothing under the id \"{id}\".")));
            return self.applied(Action::NoOp, told);
        }
        self.save(&object, false);
        self.applied(Action::Create, told)
    }

    /// Writes an object to the state file; a null state takes it out.
    pub(super) fn save(&self, object: &Object, tainted: bool) {
        if object.state.is_null() {
            return self.core.forget(self.address);
        }
        match Stored::write(object, &self.shape.ty, self.shape.version, tainted) {
            Ok(stored) => self.core.store(self.address, stored),
            Err(error) => self.broken(&format!("a state that cannot be stored: {error}")),
        }
    }

    /// The end of a step that changes the state file.
    pub(super) fn applied(&self, action: Action, told: Diagnostics) -> Applied {
        Applied::new(action, told, self.core.stored(self.address))
    }

    pub(super) fn answered<T>(&self, answer: Answer<T>) -> T {
        answer.unwrap_or_else(|violation| self.broken(&violation))
    }

    pub(super) fn hold(&self, held: Held) {
        if let Err(broken) = held {
            self.rule_broken(&broken);
        }
    }

    pub(super) fn rule_broken(&self, broken: &Broken) -> ! {
        self.broken(broken)
    }

    pub(super) fn broken(&self, what: &dyn std::fmt::Display) -> ! {
        panic!("{}: the provider broke a rule of Terraform: {what}", self.address)
    }
}
