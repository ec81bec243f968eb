//! A framework for Terraform providers in Rust, speaking plugin protocol 5.10.
//!
//! A provider manages objects of a service as *resources* and reads objects as *data
//! sources*. Its author describes each with a [`Schema`] and writes the calls to the
//! service. The framework does the rest: the plugin process, the protocol, plans, and
//! everything that Terraform demands of a response.
//!
//! # A whole provider
//!
//! ```no_run
#![doc = include_str!("../examples/minimal.rs")]
//! ```
//!
//! Built as `terraform-provider-notebook` and named under `dev_overrides` in the
//! CLI's configuration, it serves this:
//!
//! ```hcl
//! provider "notebook" {
//!   folder = "notes"
//! }
//!
//! resource "notebook_note" "list" {
//!   title = "list"
//!   text  = "milk and bread"
//! }
//!
//! data "notebook_titles" "all" {}
//! ```
//!
//! # Planning and doing
//!
//! While Terraform plans, a value may be unknown, because it will come from a resource that
//! does not exist yet. While it applies, everything is known. The two are kept apart.
//!
//! - The [`Schema`], a [`check`](Schema::check) and the [`plan`](Resource::plan) hook are
//!   about planning. A value there is [null, unknown or known](schema::Given), and is read
//!   by name from a [`View`](schema::View). A name that the schema does not have is a defect
//!   of the provider, and panics.
//! - The handlers [`create`](Resource::create), [`read`](Resource::read),
//!   [`update`](Resource::update) and [`delete`](Resource::delete), and
//!   [`read`](DataSource::read) of a data source, send requests to the service. They take
//!   and return the [`Model`](Resource::Model), a plain struct that serde fills, in which
//!   nothing is unknown: a value that a plan left open is `None`.
//!
//! A [`Provider`] is configured once, and all handlers share the result as
//! [`cx.provider()`](Call::provider). Its configuration may hold unknown values too, since
//! Terraform configures a provider in order to plan.
//!
//! A data source has one handler and no plan. Its arguments come back as they are
//! configured, and everything that is read into it is [computed](schema::Attribute::computed).
//!
//! # Attributes
//!
//! | Purpose | Method |
//! |---|---|
//! | the user decides | [`required`](schema::Attribute::required), [`optional`](schema::Attribute::optional), [`default`](schema::Attribute::default) |
//! | the service decides | [`computed`](schema::Attribute::computed), [`optional_computed`](schema::Attribute::optional_computed) |
//! | a value that no update changes | [`use_state_for_unknown`](schema::Attribute::use_state_for_unknown) |
//! | a change replaces the object | [`requires_replace`](schema::Attribute::requires_replace) |
//! | a change that only the provider notices | [`local`](schema::Attribute::local) |
//! | two spellings of one value | [`semantic_equality`](schema::Attribute::semantic_equality) |
//! | a secret | [`sensitive`](schema::Attribute::sensitive), and [`Secret`] in the model |
//! | a secret that is stored nowhere | [`with_write_only_twin`](schema::Attribute::with_write_only_twin); handlers find it in [`cx.planned()`](resource::Create::planned) |
//! | a map with fixed keys | [`keys`](schema::Attribute::keys), or [`open_keys`](schema::Attribute::open_keys); rules and handlers read its [`entries`](schema::View::entries) |
//! | a list of objects | [`list`](schema::list) of an [`object_type`](schema::object_type), and a `Vec` of a struct in the model |
//! | a rule for a value | [`validate`](schema::Attribute::validate) |
//!
//! A [`Schema`] adds what concerns all attributes: nested [blocks](schema::block),
//! [timeouts](Schema::timeouts) or one [time limit](Schema::time_limit), rules across
//! attributes, and the [version](Schema::version) of stored state.
//!
//! An attribute costs time in every command for every object, most of all a sensitive or
//! write-only one: prefer one map of secrets to an attribute for each.
//!
//! # Errors and context
//!
//! The error type of handlers is [`Diagnostics`], and [`OrDiag`] turns any error into it
//! before `?`. A [`Diagnostic`] has a summary, a detail that says what to do, and the
//! attribute at fault. A warning goes through [`cx.warn`](Call::warn).
//!
//! - [`cx.private()`](resource::Create::private) is the provider's own data of an object
//!   beside its attributes. It is stored with the object.
//! - [`cx.checkpoint`](resource::Create::checkpoint) saves an object that exists while the
//!   rest of a create or update may still fail. The last one saved is stored with the error.
//! - [`cx.deadline`](Call::deadline) and [`cx.cancelled`](Call::cancelled) bound a
//!   handler's time. A change that has begun runs to its end even if Terraform hangs up.
//!
//! A panic of a handler is reported as a bug, and the other calls go on.
//!
//! # Testing a provider
//!
//! With the feature `testing`, the module `testing` is a small Terraform Core. It
//! serves the provider in process and takes an object through its life, on configuration
//! in JSON. A response that Terraform would not take panics with the rule that it breaks. A
//! test has five lines and takes milliseconds.
//!
//! # Reading the crate
//!
//! A module knows those below it, and never those above:
//!
//! | Module | Knows |
//! |---|---|
//! | `plugin` | the process: handshake, TLS, signals, log; alone in reading the environment |
//! | `proto` | the wire; alone in naming generated types |
//! | `server` | the semantics of each call, in terms of the modules below; a file for each |
//! | [`resource`], [`data_source`], `provider` | the traits and types of an author |
//! | `call`, `model` | the context of a handler; the author's structs |
//! | [`schema`], `diagnostics` | the shape of values; errors and warnings |
//! | [`value`] | values, their types and their encodings |

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod call;
pub mod data_source;
mod diagnostics;
mod model;
mod plugin;
mod proto;
mod provider;
pub mod resource;
pub mod schema;
mod secret;
mod serve;
mod server;
#[cfg(feature = "testing")]
pub mod testing;
pub mod value;

pub use self::call::Call;
pub use self::data_source::DataSource;
pub use self::diagnostics::{Diagnostic, Diagnostics, OrDiag, Result, Severity};
pub use self::provider::{AsyncConfigure, Configure, Provider};
pub use self::resource::Resource;
pub use self::schema::Schema;
pub use self::secret::Secret;
