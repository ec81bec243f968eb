//! `flink_connection`, from its first plan to its end.

mod drift;
mod failure;
mod import;
mod kinds;
mod lifecycle;
mod replacement;
mod unknown;
mod validation;
mod versions;
mod waiting;
mod write_only;
