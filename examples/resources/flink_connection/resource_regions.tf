# GOOGLEAI, the Same Connection in Several Regions
#
# Statements use connections of their own region only. With a Flink API key, which
# belongs to one region, each region needs a `provider` block of its own. A Cloud
# API key is good for all of them.

resource "flink_connection" "everywhere" {
  for_each = {
    us = { cloud = "aws", region = "us-west-2" }
    eu = { cloud = "azure", region = "westeurope" }
  }

  name        = "gemini"
  cloud       = each.value.cloud
  region      = each.value.region
  type        = "googleai"
  endpoint    = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent"
  credentials = { api_key = var.gemini_api_key }
}

variable "gemini_api_key" {
  type      = string
  sensitive = true
}
