//! Refreshing and importing: the steps that read an object and store it.

use super::instance::Instance;
use super::outcome::{Action, Applied};
use super::rules::stored::{Unknowns, whole};
use crate::diagnostics::{Diagnostic, Diagnostics};

impl Instance<'_> {
    /// Refreshes the object and stores the result.
    pub(super) async fn refresh(&self) -> Applied {
        let before = self.core.stored(self.address).map(|stored| stored.attributes());
        let (refreshed, mut diagnostics) = self.refreshed().await;
        match refreshed {
            Err(errors) => diagnostics.extend(errors),
            Ok(prior) => self.save(&prior.object, prior.tainted),
        }
        let action = match (before, self.core.stored(self.address)) {
            (Some(_), None) => Action::Delete,
            (Some(before), Some(after)) if before != after.attributes() => Action::Update,
            _ => Action::NoOp,
        };
        self.applied(action, diagnostics)
    }

    /// Imports an object and refreshes it. Terraform takes exactly one object of the type of
    /// the address, and an import of an object that the refresh does not find fails.
    pub(super) async fn import(&self, id: &str) -> Applied {
        let response = self.core.client().import(self.type_name, &self.shape.ty, id).await;
        let (mut found, mut diagnostics) = self.received(response);
        if diagnostics.has_errors() {
            return self.applied(Action::NoOp, diagnostics);
        }
        let Some((type_name, stub)) = found.pop().filter(|_| found.is_empty()) else {
            self.fail(&"ImportResourceState: an id stands for exactly one object");
        };
        if type_name != self.type_name {
            self.fail(&format!("ImportResourceState: the object is said to be a `{type_name}`"));
        }
        if stub.state.is_null() {
            self.fail(&"ImportResourceState: an imported object is null");
        }
        self.check(whole(&self.shape.body, &stub.state, Unknowns::Refused));
        let (object, more) = self.read(stub).await;
        diagnostics.extend(more);
        if diagnostics.has_errors() {
            return self.applied(Action::NoOp, diagnostics);
        }
        if object.state.is_null() {
            let gone = Diagnostic::error("Cannot import non-existent remote object");
            diagnostics
                .push(gone.detail(format!("The provider found nothing under the id \"{id}\".")));
            return self.applied(Action::NoOp, diagnostics);
        }
        self.save(&object, false);
        self.applied(Action::Create, diagnostics)
    }

    /// The end of a step that changes the state file.
    pub(super) fn applied(&self, action: Action, diagnostics: Diagnostics) -> Applied {
        Applied::new(action, diagnostics, self.core.stored(self.address))
    }
}
