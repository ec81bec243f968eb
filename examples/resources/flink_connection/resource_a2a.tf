# An Agent, by the Agent2Agent Protocol
#
# Here with a bearer token. `api_key`, `username` with `password`, and OAuth 2.0
# are the other ways.

resource "flink_connection" "agent" {
  name     = "support-agent"
  type     = "a2a"
  endpoint = "https://agent.example.com"
  token    = var.agent_token
}

variable "agent_token" {
  type      = string
  sensitive = true
}
