# The Same Connection in Several Regions
#
# Statements use connections of their own region only.

resource "flink_connection" "everywhere" {
  for_each = {
    us = { cloud = "aws", region = "us-west-2" }
    eu = { cloud = "azure", region = "westeurope" }
  }

  name     = "anthropic"
  cloud    = each.value.cloud
  region   = each.value.region
  type     = "anthropic"
  endpoint = "https://api.anthropic.com/v1/messages"
  api_key  = var.anthropic_api_key
}

variable "anthropic_api_key" {
  type      = string
  sensitive = true
}
