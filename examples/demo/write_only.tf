# A key that Terraform passes on and forgets: it is in no plan and no state.
# Needs Terraform 1.11 or OpenTofu 1.11; without this file and its .tfvars the
# example works with older ones.

variable "anthropic_api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "anthropic_api_key_version" {
  type = string
}

resource "flink_connection" "anthropic" {
  name           = "anthropic"
  type           = "anthropic"
  endpoint       = "https://api.anthropic.com/v1/messages"
  credentials_wo = { api_key = var.anthropic_api_key }

  # Terraform cannot see that a forgotten key has changed. A new value here says
  # so, and the key is sent again.
  credentials_wo_version = var.anthropic_api_key_version
}
