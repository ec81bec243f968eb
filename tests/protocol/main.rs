//! The provider under the framework's small Terraform Core, over real gRPC, against the
//! emulator: tests that take too many runs for a CLI.
//!
//! The Core panics if the provider breaks a rule of Terraform, so each step here also
//! asserts those rules.

mod machine;
mod wanted;
mod world;
