//! A framework for Terraform providers in Rust, speaking plugin protocol 5.10.

mod diagnostics;
mod plugin;
mod proto;
mod provider;
pub mod resource;
pub mod schema;
mod secret;
mod server;
pub mod value;

pub use self::diagnostics::{Diagnostic, Diagnostics, OrDiag, Result, Severity};
pub use self::provider::{AsyncConfigure, Configure, Provider};
pub use self::resource::Resource;
pub use self::schema::Schema;
pub use self::secret::Secret;
