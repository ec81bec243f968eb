# MCP Servers, With and Without Credentials
#
# With a bearer token and the streamable HTTP transport, and one that asks for
# no credentials.

resource "flink_connection" "tools" {
  name           = "tools"
  type           = "mcp_server"
  endpoint       = "https://mcp.example.com"
  transport_type = "STREAMABLE_HTTP"
  token          = var.mcp_token
}

resource "flink_connection" "public_tools" {
  name     = "public-tools"
  type     = "mcp_server"
  endpoint = "https://public-mcp.example.com"

  auth_data = {
    AUTH_TYPE      = "NO_AUTH"
    TRANSPORT_TYPE = "STREAMABLE_HTTP"
  }
}

variable "mcp_token" {
  type      = string
  sensitive = true
}
