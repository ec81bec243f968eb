//! A framework for Terraform providers in Rust, speaking plugin protocol 5.10.
//!
//! The author of a provider says what a resource is, and makes its calls. The
//! rest is the framework's: the life of the plugin process, the protocol, the
//! plan, and everything that Terraform demands of an answer.
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
//! ```
//!
//! # Planning and doing
//!
//! While Terraform plans, a value may be unknown: it will come of another
//! resource that does not exist yet. While it applies, everything is known. The
//! two are kept apart.
//!
//! - What is said in the [`Schema`], in a [`check`](Schema::check) and in the
//!   [`plan`](Resource::plan) hook is about planning. There a value is
//!   [null, unknown or known](schema::Given), and is looked at by name, in a
//!   [`View`](schema::View). A name that the schema does not have is a mistake in the
//!   provider, and panics.
//! - [`create`](Resource::create), [`read`](Resource::read),
//!   [`update`](Resource::update) and [`delete`](Resource::delete) do things.
//!   They are given the [`Model`](Resource::Model), a plain struct that serde
//!   fills, and give it back as it is now. What a plan left open is `None` in it.
//!
//! A [`Provider`] is configured once. What the function makes is shared by all
//! handlers, as [`cx.provider()`](resource::Call::provider); it too may meet
//! values that are unknown, since Terraform configures a provider in order to
//! plan.
//!
//! # What an attribute may say
//!
//! | To have | Say |
//! |---|---|
//! | the user decide | [`required`](schema::Attribute::required), [`optional`](schema::Attribute::optional), [`default`](schema::Attribute::default) |
//! | the service decide | [`computed`](schema::Attribute::computed), [`optional_computed`](schema::Attribute::optional_computed) |
//! | a value that no update moves | [`use_state_for_unknown`](schema::Attribute::use_state_for_unknown) |
//! | another object after a change | [`requires_replace`](schema::Attribute::requires_replace) |
//! | a change that only the provider notices | [`local`](schema::Attribute::local) |
//! | two spellings of one value | [`semantic_equality`](schema::Attribute::semantic_equality) |
//! | a secret | [`sensitive`](schema::Attribute::sensitive), and [`Secret`] in the model |
//! | a secret that is stored nowhere | [`with_write_only_twin`](schema::Attribute::with_write_only_twin); handlers find it in [`cx.planned()`](resource::Create::planned) |
//! | a map with fixed keys | [`keys`](schema::Attribute::keys), or [`open_keys`](schema::Attribute::open_keys); rules and handlers look at its [`entries`](schema::View::entries) |
//! | a rule for a value | [`validate`](schema::Attribute::validate), as in `between(1..=9)` |
//! | a list of objects | [`list`](schema::list) of an [`object_type`](schema::object_type) |
//!
//! A [`Schema`] adds what concerns them all: nested [blocks](schema::block), which may
//! hold blocks, [timeouts](Schema::timeouts) or one [time limit](Schema::time_limit),
//! [checks](Schema::check) of several arguments such as
//! [`exactly_one_of`](schema::exactly_one_of), and the [version](Schema::version) of the
//! stored state, which the steps of [`upgrades`](Resource::upgrades) bring to today's.
//!
//! An attribute costs every command at every object, most of all a sensitive or
//! write-only one: prefer one map of secrets to an attribute for each.
//!
//! # What a handler may say
//!
//! Errors are [`Diagnostics`], and `?` is all it takes: [`OrDiag`] turns any
//! error into one. A [`Diagnostic`] has a summary, a detail that says what to do,
//! and the attribute at fault. What does not stop anything is told with
//! [`cx.warn`](resource::Call::warn).
//!
//! - [`cx.private()`](resource::Call::private) is what the provider remembers of
//!   an object beside its attributes. It travels with the object.
//! - [`cx.checkpoint`](resource::Create::checkpoint) is due once something exists
//!   and may still fail: what was saved last is stored beside the error.
//! - [`cx.deadline`](resource::Call::deadline) and
//!   [`cx.cancelled`](resource::Call::cancelled) say when to give up. A change
//!   that has begun is carried to its end even where Terraform hangs up.
//!
//! A handler that panics is told as a bug, and the calls beside it go on.
//!
//! # Testing a provider
//!
//! With the feature `testing`, the module `testing` is a small Terraform Core. It
//! serves the provider in process and takes it through the steps of a life, on
//! configuration in JSON; an answer that Terraform would not take panics with the
//! rule that it breaks. A test has five lines and takes milliseconds.
//!
//! # Reading the crate
//!
//! What is above knows what is below, and never the reverse:
//!
//! | Module | Knows |
//! |---|---|
//! | `plugin` | the process: handshake, TLS, signals, log; alone in reading the environment |
//! | `proto` | the wire; alone in naming generated types |
//! | `server` | what each call asks, in terms of the modules below; a file for each |
//! | [`resource`], `provider` | the traits and types of an author |
//! | [`schema`], `diagnostics` | what is declared, and what is told |
//! | [`value`] | values, their types and their encodings |

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod diagnostics;
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

pub use self::diagnostics::{Diagnostic, Diagnostics, OrDiag, Result, Severity};
pub use self::provider::{AsyncConfigure, Configure, Provider};
pub use self::resource::Resource;
pub use self::schema::Schema;
pub use self::secret::Secret;
