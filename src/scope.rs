//! The part that all nouns with a place share: an object of an organization, environment,
//! cloud and region, with a name that is unique there.
//!
//! `field` has its arguments and state, `plan` what a plan knows of it before an apply,
//! `import_id` the forms of its id, `unconfirmed` its memory of a create request whose
//! outcome is unknown, and `explain` the errors of its calls. Knows no noun.

mod explain;
mod field;
mod import_id;
mod plan;
mod unconfirmed;

pub(crate) use self::explain::{Noun, Operation, failed, name_is_taken};
pub(crate) use self::field::{Fields, resource_attributes};
pub(crate) use self::import_id::import;
pub(crate) use self::plan::{place, whereabouts};
pub(crate) use self::unconfirmed::{Memory, UnconfirmedCreate};
