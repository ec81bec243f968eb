//! What can go wrong between Terraform and the API, for every operation.
//!
//! The table of operations and faults is `matrix`; its columns are `column`, its
//! rows `operation`. What is no fault of an answer stands beside it.

mod column;
mod matrix;
mod operation;
mod planted;
