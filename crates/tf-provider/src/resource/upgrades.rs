//! The way of stored state from an older version of the schema to the current one.
//!
//! Each step turns the model of one version into that of the next, so the compiler sees
//! that the steps fit each other and end in today's model. This file must not know how
//! Terraform hands state over.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::diagnostics::{Diagnostic, Result};
use crate::value::{ModelError, Value, model};

type Upgrade<M> = Box<dyn Fn(&Value) -> Result<M> + Send + Sync>;

/// The steps from older versions of a schema to the model `M`.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use tf_provider::resource::Upgrades;
///
/// #[derive(Deserialize)]
/// struct ModelV0 { minutes: u32 }
/// #[derive(Deserialize)]
/// struct ModelV1 { seconds: u32 }
/// #[derive(Serialize, Deserialize)]
/// struct Model { interval: String }
///
/// fn upgrades() -> Upgrades<Model> {
///     Upgrades::new()
///         .step(0, |old: ModelV0| Ok(ModelV1 { seconds: old.minutes * 60 }))
///         .step(1, |old: ModelV1| Ok(Model { interval: format!("{}s", old.seconds) }))
/// }
/// ```
pub struct Upgrades<M> {
    /// The version that each begins with, and all steps from there on.
    from: Vec<(u32, Upgrade<M>)>,
}

impl<M: 'static> Upgrades<M> {
    /// No steps: every stored state has the form of `M`, but for attributes that were added
    /// or removed.
    #[must_use]
    pub fn new() -> Self {
        Self { from: Vec::new() }
    }

    /// Adds the step from `version` to the next one that has a step, or else to today's.
    /// Steps are added in the order of their versions.
    ///
    /// A model holds the state as it was stored, with numbers and texts of their own types:
    /// a version without a step differs from the next by attributes that were added or
    /// removed, and by nothing else.
    #[must_use]
    pub fn step<N: 'static>(
        self,
        version: u32,
        step: impl Fn(M) -> Result<N> + Send + Sync + 'static,
    ) -> Upgrades<N>
    where
        M: DeserializeOwned,
    {
        let step = Arc::new(step);
        let mut from: Vec<(u32, Upgrade<N>)> = Vec::new();
        for (earlier, upgrade) in self.from {
            let step = Arc::clone(&step);
            from.push((earlier, Box::new(move |stored| step(upgrade(stored)?))));
        }
        let read =
            move |stored: &Value| model::from_value(stored).map_err(|error| unfit(version, &error));
        from.push((version, Box::new(move |stored| step(read(stored)?))));
        Upgrades { from }
    }

    /// Finds the steps for state of this version.
    pub(super) fn find(&self, version: u32) -> Option<&Upgrade<M>> {
        self.from.iter().find(|(from, _)| *from >= version).map(|(_, upgrade)| upgrade)
    }

    /// Finds a mistake in the versions, for a schema of version `current`.
    pub(super) fn find_mistake(&self, current: u32) -> Option<String> {
        let versions: Vec<u32> = self.from.iter().map(|(from, _)| *from).collect();
        let ascend = versions.is_sorted_by(|one, other| one < other);
        if ascend && versions.last().is_none_or(|last| *last < current) {
            return None;
        }
        Some(format!(
            "the upgrades begin with the versions {versions:?}, which have to ascend and be below \
             the schema's version {current}"
        ))
    }
}

fn unfit(version: u32, error: &ModelError) -> Diagnostic {
    Diagnostic::error("The stored state cannot be read").detail(format!(
        "It is of version {version} of its schema and does not fit the model of that version: \
         {error}. Nothing was changed."
    ))
}

impl<M: 'static> Default for Upgrades<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> fmt::Debug for Upgrades<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.from.iter().map(|(from, _)| from)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_the_steps_from_the_stored_version_on() {
        let upgrades = Upgrades::new()
            .step(0, |old: u32| Ok(old + 1))
            .step(2, |old: u32| Ok(old * 10))
            .step(3, |old: u32| Ok(format!("{old}!")));
        for (version, expected) in [(0, "20!"), (1, "10!"), (2, "10!"), (3, "1!")] {
            let upgrade = upgrades.find(version).unwrap();
            assert_eq!(upgrade(&Value::from(1)).unwrap(), expected, "{version}");
        }
        assert!(upgrades.find(4).is_none());
    }

    #[test]
    fn finds_steps_in_the_wrong_order_and_beyond_the_schema() {
        let step = |old: u32| Ok(old);
        assert_eq!(Upgrades::new().step(0, step).step(1, step).find_mistake(2), None);
        assert!(Upgrades::new().step(1, step).step(0, step).find_mistake(2).is_some());
        assert!(Upgrades::new().step(2, step).find_mistake(2).is_some());
    }
}
