//! For any schema and any configuration: a plan after an apply is empty, and no
//! step breaks a rule of Terraform (which would panic).

mod anything;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tf_provider::testing::Core;
use tf_provider::{Configure, Provider, Result, Schema};

use self::anything::{Anything, Spec};

async fn configure(_: &mut Configure) -> Result<()> {
    Ok(())
}

/// From one configuration to the next, by way of a plan in which some of it is
/// not known yet.
async fn live(spec: Spec, first: Json, open: Json, second: Json) -> Result<(), TestCaseError> {
    let schema = Schema::provider("A provider of anything.");
    let provider = Provider::new("any", schema, configure).resource(Anything(spec));
    let core = Core::start(provider).await;
    core.configure(json!({})).await.succeeds();

    core.apply("any_thing.a", first.clone()).await.succeeds();
    prop_assert!(core.plan("any_thing.a", first).await.is_empty());

    let plan = core.plan("any_thing.a", open).await;
    core.apply_plan(plan, second.clone()).await.succeeds();
    prop_assert!(core.plan("any_thing.a", second).await.is_empty());

    core.destroy("any_thing.a").await.succeeds();
    prop_assert!(core.stored("any_thing.a").is_none());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_plan_after_an_apply_is_empty((spec, [first, open, second]) in anything::life()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(spec, first, open, second))?;
    }
}
