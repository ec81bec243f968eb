//! The real command line against the emulator: what a user sees.
//!
//! Each test writes a configuration into a folder of its own, runs `terraform`
//! (or `tofu`) there with the provider of this build, and looks at what is
//! planned, stored, printed and asked of the API. A test fails, and says why,
//! where no command line is found; nothing here leaves the machine.
//!
//! `TF_ACC_TERRAFORM_PATH` chooses the command line; otherwise the first
//! `terraform` or `tofu` on PATH is used.

mod cli;
mod configuration;
mod diagnostic;
mod interceptor;
mod plan;
mod world;

mod connection;
mod data_source;
mod examples;
mod faults;
mod load;
mod provider;
mod secrets;
