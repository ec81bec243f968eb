# A model to ask. The type can be written in any case.
resource "flink_connection" "openai" {
  name        = "openai"
  type        = "openai"
  endpoint    = "https://api.openai.com/v1/chat/completions"
  credentials = { api_key = var.openai_api_key }
}

# A model on AWS, used from a region of its own instead of the provider's.
resource "flink_connection" "embeddings" {
  name     = "bedrock-embeddings"
  region   = var.embeddings_region
  type     = "bedrock"
  endpoint = "https://bedrock-runtime.us-west-2.amazonaws.com/model/amazon.titan-embed-text-v2:0/invoke"

  credentials = {
    aws_access_key = var.aws_access_key
    aws_secret_key = var.aws_secret_key
  }
}

# A database to look rows up in.
resource "flink_connection" "catalog" {
  name     = "mongodb-catalog"
  type     = "mongodb"
  endpoint = "mongodb+srv://catalog.example.mongodb.net"

  credentials = {
    username = var.mongodb_username
    password = var.mongodb_password
  }
}

# An MCP server whose tools an agent may call.
resource "flink_connection" "tools" {
  name           = "mcp-tools"
  type           = "mcp_server"
  endpoint       = "https://mcp.example.com"
  transport_type = "STREAMABLE_HTTP"
  credentials    = { token = var.mcp_token }
}
