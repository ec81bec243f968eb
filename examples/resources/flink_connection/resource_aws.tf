# AWS Keys
#
# For Bedrock, SageMaker and S3 Vectors. Temporary keys need
# `aws_session_token` too.

resource "flink_connection" "bedrock" {
  name           = "bedrock-titan"
  type           = "bedrock"
  endpoint       = "https://bedrock-runtime.us-west-2.amazonaws.com/model/amazon.titan-embed-text-v2:0/invoke"
  aws_access_key = var.aws_access_key
  aws_secret_key = var.aws_secret_key
}

variable "aws_access_key" {
  type      = string
  sensitive = true
}

variable "aws_secret_key" {
  type      = string
  sensitive = true
}
