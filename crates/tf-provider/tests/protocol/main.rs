//! The framework as Terraform meets it: a provider made for these tests, asked
//! over real gRPC by the Core of `tf_provider::testing`, which holds every answer
//! against Terraform's own rules.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod broken;
mod data_source;
mod demo;
mod failure;
mod interruption;
mod life;
mod maps;
mod planning;
mod private;
mod property;
mod upgrade;
mod validation;
mod write_only;
