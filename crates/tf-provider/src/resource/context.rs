//! The rest of a request: what a handler is given beside the object.
//!
//! One type per operation, so that what makes no sense there does not exist
//! there. All of them dereference to [`Call`].

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use super::Resource;
use crate::call::{self, Call};
use crate::diagnostics::{Diagnostics, Result};
use crate::model::{defect, encode};
use crate::schema::{Schema, View};
use crate::value::Value;

/// What every call carries.
pub(crate) struct Request {
    pub(crate) call: call::Request,
    pub(crate) private: Vec<u8>,
}

/// What every call ends with.
pub(crate) struct Reply<T> {
    pub(crate) outcome: Result<T>,
    pub(crate) private: Vec<u8>,
    pub(crate) warnings: Diagnostics,
}

/// A request that concerns one object, and what is sent back beside the outcome.
pub(super) struct Exchange<R: Resource> {
    pub(super) call: Call<R::Provider>,
    pub(super) private: R::Private,
}

impl<R: Resource> Exchange<R> {
    pub(super) fn begin(request: Request) -> Self {
        Self {
            call: request.call.into_call(),
            // What an older version of the provider remembered in another form is
            // forgotten, as if the object had just been imported.
            private: serde_json::from_slice(&request.private).unwrap_or_default(),
        }
    }

    pub(super) fn reply<T>(self, outcome: Result<T>) -> Reply<T> {
        let (outcome, private) = match self.encoded_private() {
            Ok(private) => (outcome, private),
            Err(defect) => (Err(defect), Vec::new()),
        };
        Reply { outcome, private, warnings: self.call.into_warnings() }
    }

    fn encoded_private(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(&self.private).map_err(|error| {
            defect(format!("The private data of the resource cannot be written: {error}.")).into()
        })
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
            pub(super) exchange: Exchange<R>,
            $(pub(super) $field: $kind,)*
        }

        impl<R: Resource> $name<R> {
            /// The private data of the object, to read and to change: what the provider
            /// remembers of it and Terraform does not show.
            pub fn private(&mut self) -> &mut R::Private {
                &mut self.exchange.private
            }
        }

        impl<R: Resource> Deref for $name<R> {
            type Target = Call<R::Provider>;

            fn deref(&self) -> &Self::Target {
                &self.exchange.call
            }
        }

        impl<R: Resource> DerefMut for $name<R> {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.exchange.call
            }
        }

        impl<R: Resource> fmt::Debug for $name<R> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.exchange.call).finish()
            }
        }
    };
}
pub(super) use context;

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
                let state = encode(state)?;
                let private = self.exchange.encoded_private()?;
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
