//! A small Terraform Core, to test a provider without a CLI.
//!
//! [`Core::start`] serves a provider inside the test, over real gRPC. Each step
//! then does what a Terraform command does to one resource instance, on
//! configuration in JSON, and remembers the outcome in a state file of its own:
//!
//! ```
//! # use serde::{Deserialize, Serialize};
//! # use tf_provider::resource::{Change, Create, Delete, Read, Update};
//! # use tf_provider::schema::string;
//! # use tf_provider::{Provider, Resource, Result, Schema};
//! # struct Thing;
//! # #[derive(Serialize, Deserialize)]
//! # struct Model { name: String, uid: Option<String> }
//! # impl Resource for Thing {
//! #     type Provider = ();
//! #     type Model = Model;
//! #     type Private = ();
//! #     fn schema(&self) -> Schema {
//! #         Schema::resource("thing", "A thing.")
//! #             .attribute(string("name").required())
//! #             .attribute(string("uid").computed().use_state_for_unknown())
//! #     }
//! #     async fn create(&self, planned: Model, _: &mut Create<Self>) -> Result<Model> {
//! #         Ok(Model { uid: Some("1".to_owned()), ..planned })
//! #     }
//! #     async fn read(&self, state: Model, _: &mut Read<Self>) -> Result<Option<Model>> {
//! #         Ok(Some(state))
//! #     }
//! #     async fn update(&self, change: Change<Model>, _: &mut Update<Self>) -> Result<Model> {
//! #         Ok(change.after)
//! #     }
//! #     async fn delete(&self, _: Model, _: &mut Delete<Self>) -> Result<()> {
//! #         Ok(())
//! #     }
//! # }
//! # async fn configure(_: &mut tf_provider::Configure) -> Result<()> {
//! #     Ok(())
//! # }
//! # fn provider() -> Provider<()> {
//! #     Provider::new("demo", Schema::provider("A demo."), configure).resource(Thing)
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use serde_json::json;
//! use tf_provider::testing::{Action, Core};
//!
//! let core = Core::start(provider()).await;
//! core.configure(json!({})).await.succeeds();
//! core.apply("demo_thing.a", json!({ "name": "one" })).await.succeeds();
//! assert!(core.plan("demo_thing.a", json!({ "name": "one" })).await.is_empty());
//!
//! let plan = core.plan("demo_thing.a", json!({ "name": "two" })).await;
//! assert_eq!(plan.action(), Action::Update);
//! assert_eq!(plan.planned()["uid"], "1");
//! core.validate("demo_thing", json!({})).await.fails("`name` is required");
//! core.destroy("demo_thing.a").await.succeeds();
//! # }
//! ```
//!
//! What the provider tells the user is data: [`Told`]. What Terraform would not
//! take from it is a bug, and panics with the rule that was broken, the attribute,
//! and both values, of which sensitive ones are hidden. The rules are Terraform's
//! own: what a plan may hold, what may become of it, what may be stored, what
//! replaces an object. Before each walk the state goes through JSON and
//! `UpgradeResourceState`, and before each apply the plan is made again, as
//! Terraform does.
//!
//! In configuration, blocks are objects, or arrays of them, and [`unknown`]
//! stands for what is not known before the apply; [`Core::apply_plan`] then says
//! what it became. What this Core does not do: expressions, references between
//! resources, modules, `ignore_changes`, `create_before_destroy`.
//!
//! [`Raw`] and [`handshake`] are for tests that send what no Terraform would.
//!
//! The rest of the crate must not know this module, which is only there with the
//! feature `testing`.
//!
//! Source: Terraform, `docs/resource-instance-change-lifecycle.md`.

mod apply;
mod core;
mod data_source;
mod instance;
mod json;
mod plan;
mod raw;
mod rules;
mod state;
mod told;

pub use self::apply::Applied;
pub use self::core::Core;
pub use self::data_source::DataState;
pub use self::json::unknown;
pub use self::plan::{Action, Plan};
pub use self::raw::{Raw, Reply, handshake};
pub use self::state::Stored;
pub use self::told::Told;
