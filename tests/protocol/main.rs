//! The provider on the framework's small Terraform Core, over real gRPC, against
//! the emulator: what takes too many runs for a CLI.
//!
//! The Core panics where a rule of Terraform is broken, so every step here also
//! asserts that none is.

mod life;
mod machine;
mod wanted;
mod world;
