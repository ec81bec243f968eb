//! The rest of a request: what a handler is given beside the object.
//!
//! One type per operation, so that what makes no sense there does not exist
//! there. All of them dereference to [`Call`].

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Resource;
use crate::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::schema::{Schema, View};
use crate::value::{ModelError, Value, model};

/// What every operation has.
pub struct Call<R: Resource> {
    pub(super) provider: Arc<R::Provider>,
    pub(super) private: R::Private,
    pub(super) warnings: Diagnostics,
    pub(super) deadline: Option<Instant>,
    pub(super) cancelled: CancellationToken,
}

impl<R: Resource> Call<R> {
    /// What configuring the provider made.
    #[must_use]
    pub fn provider(&self) -> &R::Provider {
        &self.provider
    }

    /// What the provider remembers of the object, to read and to change.
    pub fn private(&mut self) -> &mut R::Private {
        &mut self.private
    }

    /// When the operation's time is over, as its timeout says.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Cancelled when Terraform asks for an early end (Ctrl-C). Waiting should
    /// stop at once; a request under way should finish.
    #[must_use]
    pub fn cancelled(&self) -> &CancellationToken {
        &self.cancelled
    }

    /// Tells the user something without failing.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.warnings.push(warning);
    }
}

impl<R: Resource> fmt::Debug for Call<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

/// What Terraform stores where a handler fails halfway.
#[derive(Clone, Default)]
pub(crate) struct Checkpoint(Arc<Mutex<Option<Saved>>>);

/// A state and the private data that goes with it.
#[derive(Clone)]
pub(crate) struct Saved {
    pub(crate) state: Value,
    pub(crate) private: Vec<u8>,
}

impl Checkpoint {
    pub(crate) fn last(&self) -> Option<Saved> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn save(&self, saved: Saved) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(saved);
    }
}

/// What a create or update is made from, and the place to save what exists.
pub(crate) struct Writing {
    pub(crate) schema: Arc<Schema>,
    pub(crate) planned: Value,
    /// The configuration, read for nothing but its write-only values.
    pub(crate) config: Value,
    pub(crate) checkpoint: Checkpoint,
}

macro_rules! context {
    ($(#[$docs:meta])* $name:ident { $($field:ident: $kind:ty),* }) => {
        $(#[$docs])*
        pub struct $name<R: Resource> {
            pub(super) call: Call<R>,
            $(pub(super) $field: $kind,)*
        }

        impl<R: Resource> Deref for $name<R> {
            type Target = Call<R>;

            fn deref(&self) -> &Call<R> {
                &self.call
            }
        }

        impl<R: Resource> DerefMut for $name<R> {
            fn deref_mut(&mut self) -> &mut Call<R> {
                &mut self.call
            }
        }

        impl<R: Resource> fmt::Debug for $name<R> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.call).finish()
            }
        }
    };
}

macro_rules! writing_context {
    ($(#[$docs:meta])* $name:ident) => {
        context!($(#[$docs])* $name { writing: Writing });

        impl<R: Resource> $name<R> {
            /// What was planned, with the write-only values of the configuration, which
            /// are in no plan. So what `ignore_changes` keeps out of the plan is kept
            /// out of the request.
            #[must_use]
            pub fn planned(&self) -> View<'_> {
                let Writing { schema, planned, config, .. } = &self.writing;
                View::new(schema, planned).with_write_only(config)
            }

            /// Saves what exists by now, for the case that the rest fails.
            ///
            /// # Errors
            ///
            /// Where the model cannot be written as a value.
            pub fn checkpoint(&mut self, state: &R::Model) -> Result<()> {
                let state = model::to_value(state).map_err(model_fault)?;
                let private = encode_private::<R>(&self.call.private)?;
                self.writing.checkpoint.save(Saved { state, private });
                Ok(())
            }
        }
    };
}

writing_context! {
    /// The rest of a create.
    Create
}

writing_context! {
    /// The rest of an update.
    Update
}

context! {
    /// The rest of a refresh.
    Read { schema: Arc<Schema>, stored: Value }
}

context! {
    /// The rest of a delete.
    Delete { schema: Arc<Schema>, stored: Value }
}

macro_rules! stored {
    ($name:ident) => {
        impl<R: Resource> $name<R> {
            /// The stored object with all of its attributes, also those that the model
            /// leaves out.
            #[must_use]
            pub fn stored(&self) -> View<'_> {
                View::new(&self.schema, &self.stored)
            }
        }
    };
}

stored!(Read);
stored!(Delete);

context! {
    /// The rest of an import.
    Import {}
}

pub(super) fn encode_private<R: Resource>(private: &R::Private) -> Result<Vec<u8>> {
    serde_json::to_vec(private).map_err(|error| {
        fault(format!("The private data of the resource cannot be written: {error}.")).into()
    })
}

pub(super) fn model_fault(error: ModelError) -> Diagnostics {
    fault(format!("The values of the resource do not fit its model: {error}.")).into()
}

pub(super) fn fault(detail: String) -> Diagnostic {
    Diagnostic::error("This is a bug in the provider").detail(detail)
}
