//! The real CLI against the emulator.
//!
//! Each test writes a configuration into a folder of its own, runs `terraform` (or `tofu`)
//! there with the provider of this build, and checks plan, state, output and requests. A
//! test fails with an explanation if no CLI is found. Nothing leaves the machine.
//!
//! `TF_ACC_TERRAFORM_PATH` chooses the command line; otherwise the first
//! `terraform` or `tofu` on PATH is used.

mod cli;
mod configuration;
mod diagnostic;
mod interceptor;
mod plan;
mod scenario;
mod world;

mod connection;
mod data_source;
mod examples;
mod faults;
mod load;
mod provider;
mod secrets;
