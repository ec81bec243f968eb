//! The arguments of the provider block.
//!
//! An empty text is no setting, in every argument: modules pass it for what is not set.

use tf_provider::Schema;
use tf_provider::schema::{
    Attribute, Nesting, Validator, Violation, block, number, parse_duration, rule, string,
};

use super::authentication;
use crate::scope::{PARTS, Part};

/// The provider block.
pub(crate) fn schema() -> Schema {
    Schema::provider(
        "Manages connections of Confluent Cloud for Apache Flink. Every argument outside of the \
         `oauth` block has an environment variable.",
    )
    .attributes(PARTS.iter().map(Part::provider_attribute))
    .attribute(string("flink_api_key").sensitive().describe(
        "A Flink API key, which belongs to one environment and region. Environment variable: \
         `FLINK_API_KEY`.",
    ))
    .attribute(
        string("flink_api_secret")
            .sensitive()
            .describe("The secret of `flink_api_key`. Environment variable: `FLINK_API_SECRET`."),
    )
    .attribute(string("cloud_api_key").sensitive().describe(
        "A Cloud API key or a global API key: for Flink where no Flink API key is set, and to \
         find the organization where none is named. Environment variable: \
         `CONFLUENT_CLOUD_API_KEY`.",
    ))
    .attribute(string("cloud_api_secret").sensitive().describe(
        "The secret of `cloud_api_key`. Environment variable: `CONFLUENT_CLOUD_API_SECRET`.",
    ))
    .attribute(string("rest_endpoint").validate(address(flink_client::check_rest_endpoint)).describe(
        "Where the Flink REST API is, as a URL in which `{region}` and `{cloud}` stand for an \
         object's place. Default: `https://flink.{region}.{cloud}.confluent.cloud`. Environment \
         variable: `FLINK_REST_ENDPOINT`.",
    ))
    .attribute(string("cloud_endpoint").validate(address(flink_client::check_endpoint)).describe(
        "Where the REST API of Confluent Cloud itself is, which is asked for the organization \
         where none is named. Default: `https://api.confluent.cloud`. Environment variable: `CONFLUENT_CLOUD_ENDPOINT`.",
    ))
    .attribute(string("ca_bundle").describe(
        "The path of a PEM file with certificates to trust beside those of the machine. \
         Environment variable: `FLINK_CA_BUNDLE`.",
    ))
    .attribute(number("max_retries").validate(whole_number()).describe(
        "How often a request is sent again after a failure that may pass, after a second at \
         first and each time twice as long up to 30. One that is refused only because there are \
         too many is sent again as long as the service takes others. Default: `4`, over 15 \
         seconds. Environment variable: `FLINK_MAX_RETRIES`.",
    ))
    .attribute(string("max_retry_wait").validate(duration()).describe(
        "The longest wait before a request is sent again, such as `30s` or `5m`, even where the \
         service asks for a longer one. Default: `5m`. Environment variable: \
         `FLINK_MAX_RETRY_WAIT`.",
    ))
    .block(oauth())
    .check(authentication::check)
}

fn oauth() -> tf_provider::schema::Block {
    let arguments: [Attribute; 7] = [
        string("oauth_identity_pool_id")
            .required()
            .describe("The identity pool, such as `pool-a1b2`."),
        string("oauth_external_token_url")
            .validate(address(flink_client::check_endpoint))
            .describe(
                "The identity provider's token endpoint, for the client-credentials flow. Needs \
                 `oauth_external_client_id` and `oauth_external_client_secret`.",
            ),
        string("oauth_external_client_id").describe("The client id at the identity provider."),
        string("oauth_external_client_secret")
            .sensitive()
            .describe("The client secret at the identity provider."),
        string("oauth_external_token_scope")
            .describe("The scope to ask for, where the identity provider wants one."),
        string("oauth_external_access_token").sensitive().describe(
            "A token of the identity provider that was fetched before, instead of \
             `oauth_external_token_url`.",
        ),
        string("oauth_sts_token_expired_in_seconds").validate(setting(is_sts_lifetime)).describe(
            "How many seconds a token of Confluent's token service lives, from `1` to `900`.",
        ),
    ];
    arguments.into_iter().fold(
        block("oauth", Nesting::Single)
            .describe("Authenticates with a token of an identity provider instead of an API key."),
        tf_provider::schema::Block::attribute,
    )
}

fn is_sts_lifetime(text: &str) -> Result<(), Violation> {
    match text.parse::<u64>() {
        Ok(1..=900) => Ok(()),
        _ => Err(Violation::error("must be a whole number of seconds from 1 to 900")),
    }
}

/// A rule for texts that are a setting at all.
pub(crate) fn setting(
    check: impl Fn(&str) -> Result<(), Violation> + Send + Sync + 'static,
) -> Validator {
    rule(move |text| match text.trim() {
        "" => Ok(()),
        text => check(text),
    })
}

/// An address that the client can use, by its own rule.
fn address(check: fn(&str) -> flink_client::Result<()>) -> Validator {
    setting(move |text| {
        check(text).map_err(|error| {
            Violation::error(format!("must be a URL that requests can be sent to: {error}"))
        })
    })
}

fn duration() -> Validator {
    setting(|text| match parse_duration(text) {
        Some(_) => Ok(()),
        None => Err(Violation::error("must be a duration such as `30s`, `5m` or `1m30s`")),
    })
}

fn whole_number() -> Validator {
    Validator::new(|value| match value.as_i64() {
        Some(0..=100) => Ok(()),
        _ => Err(Violation::error("must be a whole number from 0 to 100")),
    })
}
