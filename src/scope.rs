//! The part that all nouns with a place share: an object of an organization, environment,
//! cloud and region, with a name that is unique there.
//!
//! A resource takes its arguments from `field`, its plan from `plan`, its calls from
//! `life` and its import from `import_id`; a data source reads by `read`. `unconfirmed` is
//! the memory of a create request whose outcome is unknown, and `explain` has the errors of
//! calls. Knows no noun.

mod explain;
mod field;
mod import_id;
mod life;
mod plan;
mod read;
mod shown;
mod unconfirmed;

pub(crate) use self::explain::{Words, cloud_read_failed};
pub(crate) use self::field::{
    Fields, PlaceFields, data_source_attribute, data_source_attributes, id, part,
    resource_attributes, restricted_to,
};
pub(crate) use self::import_id::import;
pub(crate) use self::life::{
    Refresh, Remember, State, create, delete, plan_replacement, refresh, update,
};
pub(crate) use self::plan::{plan_place, whereabouts};
pub(crate) use self::read::{get, list, nearest_names, options};
pub(crate) use self::shown::{is_invisible, printable};
pub(crate) use self::unconfirmed::Memory;
