# OPENAI, With the Key Kept Out of State
#
# A whole configuration. The other examples leave out the `terraform` and
# `provider` blocks.
#
# `credentials_wo` is write-only: Terraform stores it in neither state nor plan.
# It needs Terraform 1.11 or OpenTofu 1.11. Its values come from ephemeral
# variables or ephemeral resources. To rotate the key, change it and
# `credentials_wo_version`.

terraform {
  required_version = ">= 1.11"

  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}

# Its own API key is in FLINK_API_KEY and FLINK_API_SECRET.
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

  credentials_wo         = { api_key = var.openai_api_key }
  credentials_wo_version = 1
}

variable "openai_api_key" {
  type      = string
  ephemeral = true
}
