# A2A, an Agent With a Bearer Token
#
# `api_key`, `username` with `password`, and OAuth 2.0 are the other ways of the
# Agent2Agent protocol.

resource "flink_connection" "agent" {
  name        = "support-agent"
  type        = "a2a"
  endpoint    = "https://agent.example.com"
  credentials = { token = var.agent_token }
}

variable "agent_token" {
  type      = string
  sensitive = true
}
