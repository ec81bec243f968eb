//! Where settings come from, and what is said when they do not.

use std::sync::LazyLock;

use tf_provider::Schema;
use tf_provider::schema::{Attribute, View};
use tf_provider::value::{Type, Value};

use super::*;

static SCHEMA: LazyLock<Schema> = LazyLock::new(schema);

fn block(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

fn settings(entries: &[(&str, Value)], variables: &[(&str, &str)]) -> Result<Settings> {
    let block = block(entries);
    let variable = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Settings::new(&Sources { block: View::new(&SCHEMA, &block), variable: &variable }, "test")
}

fn refusal(entries: &[(&str, Value)], variables: &[(&str, &str)]) -> String {
    settings(entries, variables).unwrap_err().to_string()
}

const KEY: [(&str, &str); 2] = [("FLINK_API_KEY", "K"), ("FLINK_API_SECRET", "s3cr3t")];

#[test]
fn each_part_of_the_place_comes_from_the_block_or_else_from_its_variable() {
    for part in &PLACE {
        let variables: Vec<_> =
            KEY.into_iter().chain([(part.variable.unwrap(), "environment")]).collect();
        let read = |settings: &Settings| {
            let found = settings.place().find(|(each, _)| each.argument == part.argument);
            found.map(|(_, default)| default.clone())
        };
        let from_variable = settings(&[], &variables).unwrap();
        assert_eq!(read(&from_variable), Some(Given::Known("environment".to_owned())));
        let from_block = settings(&[(part.argument, "block".into())], &variables).unwrap();
        assert_eq!(read(&from_block), Some(Given::Known("block".to_owned())));
        let unknown = settings(&[(part.argument, Value::Unknown)], &variables).unwrap();
        assert_eq!(read(&unknown), Some(Given::Unknown));
        let neither = settings(&[], &KEY).unwrap();
        assert_eq!(read(&neither), Some(Given::Null));
    }
}

#[test]
fn any_one_key_is_enough() {
    let cloud = [("CONFLUENT_CLOUD_API_KEY", "K"), ("CONFLUENT_CLOUD_API_SECRET", "S")];
    assert!(settings(&[], &KEY).unwrap().known_client().is_some());
    assert!(settings(&[], &cloud).unwrap().known_client().is_some());
    let half_and_half = settings(&[("flink_api_key", "K".into())], &[("FLINK_API_SECRET", "S")]);
    assert!(half_and_half.unwrap().known_client().is_some());
}

#[test]
fn the_lack_of_credentials_names_every_way_to_give_them() {
    let told = refusal(&[], &[("FLINK_REGION", "us-east-1")]);
    for name in ["FLINK_API_KEY", "CONFLUENT_CLOUD_API_KEY", "oauth"] {
        assert!(told.contains(name), "{told}");
    }
}

#[test]
fn half_a_key_names_the_other_half_and_shows_no_secret() {
    let told = refusal(&[], &KEY[1..]);
    assert!(told.contains("FLINK_API_KEY") && !told.contains("s3cr3t"), "{told}");
    let told = refusal(&[("cloud_api_key", "K".into())], &KEY);
    assert!(told.contains("CONFLUENT_CLOUD_API_SECRET"), "{told}");
}

#[test]
fn a_key_beside_an_oauth_block_is_a_conflict_and_one_in_the_environment_is_not() {
    let oauth = block(&[
        ("oauth_identity_pool_id", "pool-1".into()),
        ("oauth_external_access_token", "t0k3n".into()),
    ]);
    let told = refusal(&[("oauth", oauth.clone()), ("flink_api_key", "K".into())], &[]);
    assert!(told.contains("flink_api_key"), "{told}");
    assert!(settings(&[("oauth", oauth)], &KEY).is_ok());
}

#[test]
fn an_oauth_block_needs_one_source_of_its_token() {
    let pool = ("oauth_identity_pool_id", Value::from("pool-1"));
    let url = ("oauth_external_token_url", Value::from("https://idp.example/token"));
    let token = ("oauth_external_access_token", Value::from("t0k3n"));
    let with = |entries: &[(&str, Value)]| settings(&[("oauth", block(entries))], &[]);
    assert!(with(std::slice::from_ref(&pool)).is_err());
    assert!(with(&[pool.clone(), url.clone(), token]).is_err());
    let lacking = with(&[pool, url]).unwrap_err().to_string();
    assert!(lacking.contains("oauth_external_client_id"), "{lacking}");
}

#[test]
fn what_is_not_known_yet_is_tolerated_until_it_is_needed() {
    for name in ["flink_api_key", "flink_api_secret", "rest_endpoint", "oauth"] {
        let rest = if name == "oauth" { &[][..] } else { &KEY[..] };
        let settings = settings(&[(name, Value::Unknown)], rest).unwrap();
        assert!(settings.known_client().is_none(), "{name}");
        assert!(settings.client().is_err(), "{name}");
    }
}

#[test]
fn a_setting_that_leads_nowhere_is_named_with_its_variable() {
    for (attribute, variable, value) in [
        ("rest_endpoint", "FLINK_REST_ENDPOINT", "https://flink.{zone}.example.com"),
        ("cloud_endpoint", "CONFLUENT_CLOUD_ENDPOINT", "nowhere"),
        ("ca_bundle", "FLINK_CA_BUNDLE", "/nonexistent/bundle.pem"),
    ] {
        let told = settings(&[], &[KEY[0], KEY[1], (variable, value)]).unwrap_err();
        let first = told.iter().next().unwrap();
        assert_eq!(first.path(), Some(&attribute.into()));
        assert!(first.text().contains(variable), "{}", first.text());
    }
}

#[cfg(unix)]
#[test]
fn a_ca_bundle_that_is_no_file_is_not_read() {
    for path in ["/dev/zero", "/"] {
        let told = settings(&[], &[KEY[0], KEY[1], ("FLINK_CA_BUNDLE", path)]).unwrap_err();
        let text = told.iter().next().unwrap().text();
        assert!(text.contains("is no file") && text.contains(path), "{text}");
    }
}

#[test]
fn an_empty_or_blank_text_is_no_setting_in_any_argument() {
    let texts = |attributes: &[Attribute]| -> Vec<String> {
        let texts = attributes.iter().filter(|each| each.ty() == &Type::String);
        texts.map(|each| each.name().to_owned()).collect()
    };
    for blank in ["", "  ", "\n"] {
        for name in texts(SCHEMA.all_attributes()) {
            let told = settings(&[(&name, blank.into())], &KEY);
            assert!(told.is_ok(), "{name}: {}", told.unwrap_err());
        }
        // A block that names one source of its token, and blank texts besides.
        for name in texts(SCHEMA.all_blocks()[0].all_attributes()) {
            let mut oauth = block(&[
                ("oauth_identity_pool_id", "pool-1".into()),
                ("oauth_external_access_token", "t0k3n".into()),
            ]);
            oauth.as_map_mut().unwrap().entry(name.clone()).or_insert(blank.into());
            let told = settings(&[("oauth", oauth)], &[]);
            assert!(told.is_ok(), "{name}: {}", told.unwrap_err());
        }
    }
    let told = refusal(&[("flink_api_key", "".into())], &[("FLINK_API_SECRET", "")]);
    assert!(told.contains("FLINK_API_KEY"), "{told}");
}

#[test]
fn white_space_around_a_setting_is_dropped() {
    let variables = [("FLINK_API_KEY", "K\n"), KEY[1], ("FLINK_REGION", "us-east-1\n")];
    let settings = settings(&[("cloud", " aws ".into())], &variables).unwrap();
    let defaults = settings.place().map(|(part, default)| (part.argument, default));
    let known: Vec<_> = defaults.filter(|(_, default)| !default.is_null()).collect();
    let expected = [
        ("cloud", &Given::Known("aws".to_owned())),
        ("region", &Given::Known("us-east-1".to_owned())),
    ];
    assert_eq!(known, expected);
}

#[test]
fn the_retries_are_a_whole_number_from_either_source() {
    let variables = |text| [KEY[0], KEY[1], ("FLINK_MAX_RETRIES", text)];
    assert!(settings(&[], &variables("0")).is_ok());
    let told = refusal(&[], &variables("many"));
    assert!(told.contains("max_retries") && told.contains("FLINK_MAX_RETRIES"), "{told}");
}

#[test]
fn the_longest_wait_is_a_duration_from_either_source() {
    let variables = |text| [KEY[0], KEY[1], ("FLINK_MAX_RETRY_WAIT", text)];
    assert!(settings(&[], &variables("1m30s")).is_ok());
    let told = refusal(&[], &variables("long"));
    assert!(told.contains("max_retry_wait") && told.contains("FLINK_MAX_RETRY_WAIT"), "{told}");
    let block = [("max_retry_wait", "soon".into())];
    assert!(refusal(&block, &[KEY[0], KEY[1]]).contains("max_retry_wait"));
}

#[test]
fn the_user_agent_is_the_one_services_know() {
    let agent = user_agent("1.11.4", Some(" ours/1 ".to_owned()));
    assert!(agent.starts_with("Terraform/1.11.4 (+https://www.terraform.io) "), "{agent}");
    assert!(agent.ends_with(" ours/1"), "{agent}");
}

#[test]
fn no_debug_form_shows_a_secret() {
    let entries = [
        ("flink_api_key", Value::from("planted-key")),
        ("flink_api_secret", Value::from("planted-secret")),
        ("cloud_api_key", Value::from("planted-key")),
        ("cloud_api_secret", Value::from("planted-secret")),
    ];
    let oauth = block(&[
        ("oauth_identity_pool_id", Value::from("pool-1")),
        ("oauth_external_access_token", Value::from("planted-token")),
    ]);
    let config = block(&entries);
    let shown = [
        format!("{:#?}", View::new(&SCHEMA, &config)),
        format!("{:#?}", settings(&entries, &[]).unwrap()),
        format!("{:#?}", settings(&[("oauth", oauth)], &[]).unwrap()),
    ];
    for shown in shown {
        assert!(!shown.is_empty() && !shown.contains("planted"), "{shown}");
    }
}

#[test]
fn every_argument_that_holds_a_credential_is_marked_as_sensitive() {
    let schema = schema();
    let nested = schema.all_blocks().iter().flat_map(|block| block.all_attributes());
    let attributes = schema.all_attributes().iter().chain(nested);
    let marked = attributes.filter(|each| each.is_sensitive()).map(|each| each.name());
    let expected = [
        "flink_api_key",
        "flink_api_secret",
        "cloud_api_key",
        "cloud_api_secret",
        "oauth_external_client_secret",
        "oauth_external_access_token",
    ];
    assert_eq!(marked.collect::<Vec<_>>(), expected);
}

#[test]
fn refuses_a_part_of_the_place_that_is_malformed_in_either_source() {
    let variables = [KEY[0], KEY[1], ("CONFLUENT_ENVIRONMENT_ID", "env-1/../env-2")];
    for told in
        [settings(&[], &variables), settings(&[("environment_id", "env-1/../env-2".into())], &KEY)]
    {
        let told = told.unwrap_err().to_string();
        assert!(told.contains("must be made of letters"), "{told}");
        assert!(told.contains("CONFLUENT_ENVIRONMENT_ID") && !told.contains(".."), "{told}");
    }
}
