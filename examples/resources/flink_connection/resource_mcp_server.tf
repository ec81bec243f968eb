# MCP_SERVER, With and Without Credentials
#
# The first server takes a bearer token and speaks the streamable HTTP transport.
# The second asks for no credentials and speaks SSE, the default.

resource "flink_connection" "tools" {
  name           = "tools"
  type           = "mcp_server"
  endpoint       = "https://mcp.example.com"
  transport_type = "STREAMABLE_HTTP"
  credentials    = { token = var.mcp_token }
}

resource "flink_connection" "public_tools" {
  name         = "public-tools"
  type         = "mcp_server"
  endpoint     = "https://public-mcp.example.com"
  sse_endpoint = "/events"
  credentials  = { auth_type = "NO_AUTH" }
}

variable "mcp_token" {
  type      = string
  sensitive = true
}
