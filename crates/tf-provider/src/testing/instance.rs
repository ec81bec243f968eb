//! One resource instance, and the requests that every walk sends about it: validation,
//! upgrade and refresh.

use super::core::Core;
use super::rules::stored::{Unknowns, whole};
use super::rules::{BrokenRule, RuleResult};
use super::state::Stored;
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::proto::client::{ClientResult, Shape};
use crate::server::{Object, StoredObject};
use crate::value::Value;

/// An address, with the schema of its type as the provider sent it.
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
    /// True if the object is left of a failed create, and is to be replaced.
    pub(super) tainted: bool,
}

impl Prior {
    fn none() -> Self {
        Self { object: Object { state: Value::Null, private: Vec::new() }, tainted: false }
    }
}

impl<'a> Instance<'a> {
    /// The instance at an address, which begins with its type.
    pub(super) fn new(core: &'a Core, address: &'a str) -> Self {
        let type_name = address.split_once('.').map_or(address, |(type_name, _)| type_name);
        Self { core, address, type_name, shape: core.resource(type_name) }
    }
}

impl Instance<'_> {
    /// One `ValidateResourceTypeConfig`.
    pub(super) async fn validated(&self, config: &Value) -> Diagnostics {
        let response = self.core.client().validate(self.type_name, &self.shape.ty, config).await;
        self.received(response)
    }

    /// The object in the state file, as a value of the current schema.
    pub(super) async fn upgraded(&self) -> Result<Prior> {
        let Some(stored) = self.core.stored(self.address) else { return Ok(Prior::none()) };
        let Shape { version, body, ty, .. } = self.shape;
        if stored.version() > *version {
            return Err(Diagnostic::error("Resource instance managed by newer provider version")
                .detail("The state was written under a version of the schema yet to come.")
                .into());
        }
        let json = stored.for_upgrade(body, *version);
        let response = self.core.client().upgrade(self.type_name, ty, stored.version(), json).await;
        let (state, found) = self.received(response);
        if found.has_errors() {
            return Err(found);
        }
        self.check(whole(body, &state, Unknowns::Refused));
        if state.is_null() {
            self.fail(&"UpgradeResourceState: a stored object became none");
        }
        let object = Object { state, private: stored.private().to_vec() };
        Ok(Prior { object, tainted: stored.is_tainted() })
    }

    /// Refreshes an object. The state is null where it is gone.
    pub(super) async fn read(&self, object: Object) -> (Object, Diagnostics) {
        let response = self.core.client().read(self.type_name, &self.shape.ty, object).await;
        let StoredObject { object, diagnostics } = self.received(response);
        if !diagnostics.has_errors() {
            self.check(whole(&self.shape.body, &object.state, Unknowns::Refused));
        }
        (object, diagnostics)
    }

    /// The stored object, upgraded and refreshed, with the warnings of that.
    pub(super) async fn refreshed(&self) -> (Result<Prior>, Diagnostics) {
        let prior = match self.upgraded().await {
            Ok(prior) if prior.object.state.is_null() => return (Ok(prior), Diagnostics::none()),
            Ok(prior) => prior,
            Err(errors) => return (Err(errors), Diagnostics::none()),
        };
        match self.read(prior.object).await {
            (_, found) if found.has_errors() => (Err(found), Diagnostics::none()),
            (object, warnings) if object.state.is_null() => (Ok(Prior::none()), warnings),
            (object, warnings) => (Ok(Prior { object, tainted: prior.tainted }), warnings),
        }
    }

    /// Writes an object to the state file; a null state takes it out.
    pub(super) fn save(&self, object: &Object, tainted: bool) {
        if object.state.is_null() {
            return self.core.forget(self.address);
        }
        match Stored::write(object, &self.shape.ty, self.shape.version, tainted) {
            Ok(stored) => self.core.store(self.address, stored),
            Err(error) => self.fail(&format!("a state that cannot be stored: {error}")),
        }
    }

    /// The content of a response. A breach of the protocol ends the test.
    pub(super) fn received<T>(&self, response: ClientResult<T>) -> T {
        response.unwrap_or_else(|violation| self.fail(&violation))
    }

    /// Ends the test where a rule is broken.
    pub(super) fn check(&self, result: RuleResult) {
        if let Err(broken) = result {
            self.broken(&broken);
        }
    }

    pub(super) fn broken(&self, rule: &BrokenRule) -> ! {
        self.fail(rule)
    }

    /// Ends the test, because Terraform would not take what the provider did.
    pub(super) fn fail(&self, reason: &dyn std::fmt::Display) -> ! {
        panic!("{}: the provider broke a rule of Terraform: {reason}", self.address)
    }
}
