//! The framework in front of Terraform: a provider made for these tests, driven over real
//! gRPC by the Core of `tf_provider::testing`, which checks every response by Terraform's
//! own rules.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod blocks;
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
mod upgrade_steps;
mod validation;
mod write_only;
