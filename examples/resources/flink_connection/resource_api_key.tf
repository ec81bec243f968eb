# ANTHROPIC and FIREWORKSAI, With the Key in State
#
# `credentials` is a sensitive map. Terraform shows it in no plan and keeps it in
# state. A change of a key is an update in place, without a version to raise.

resource "flink_connection" "anthropic" {
  name        = "anthropic"
  type        = "anthropic"
  endpoint    = "https://api.anthropic.com/v1/messages"
  credentials = { api_key = var.anthropic_api_key }
}

resource "flink_connection" "fireworks" {
  name        = "fireworks"
  type        = "fireworksai"
  endpoint    = "https://api.fireworks.ai/inference/v1/chat/completions"
  credentials = { api_key = var.fireworks_api_key }
}

variable "anthropic_api_key" {
  type      = string
  sensitive = true
}

variable "fireworks_api_key" {
  type      = string
  sensitive = true
}
