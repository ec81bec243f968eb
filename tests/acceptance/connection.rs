//! `flink_connection`, from its first plan to its end.

mod drift;
mod failure;
mod import;
mod lifecycle;
mod replacement;
mod types;
mod unknown;
mod validation;
mod versions;
mod waiting;
mod write_only;
