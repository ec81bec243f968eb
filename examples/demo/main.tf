# What Flink SQL statements reach outside Confluent Cloud, kept as code.
# `cargo xtask demo` walks through the life of it, without an account.

terraform {
  required_version = ">= 1.0"

  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}

# The block is empty because the environment says it all: which organization,
# environment, cloud and region (CONFLUENT_ORGANIZATION_ID,
# CONFLUENT_ENVIRONMENT_ID, FLINK_CLOUD, FLINK_REGION), and the API key
# (FLINK_API_KEY, FLINK_API_SECRET). Each can also be an argument here.
provider "flink" {}
