# None of these opens anything. Real ones do not belong in a file that is
# committed: they come from TF_VAR_… variables or a secrets manager.
embeddings_region = "us-east-1"
openai_api_key    = "not-a-real-openai-key-1"
aws_access_key    = "not-a-real-aws-key-id"
aws_secret_key    = "not-a-real-aws-secret"
mongodb_username  = "flink"
mongodb_password  = "not-a-real-password"
mcp_token         = "not-a-real-mcp-token"
