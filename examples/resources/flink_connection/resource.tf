# An API Key
#
# A whole configuration. The other examples leave out the `terraform` and
# `provider` blocks.

terraform {
  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}

# Its API key is in FLINK_API_KEY and FLINK_API_SECRET.
provider "flink" {
  organization_id = "7c60d51f-b44e-4682-87d6-449835ea4de6"
  environment_id  = "env-a1b2c3"
  cloud           = "aws"
  region          = "us-west-2"
}

resource "flink_connection" "openai" {
  name     = "openai"
  type     = "openai"
  endpoint = "https://api.openai.com/v1/chat/completions"
  api_key  = var.openai_api_key
}

variable "openai_api_key" {
  type      = string
  sensitive = true
}
