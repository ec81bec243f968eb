# BEDROCK, SAGEMAKER and S3VECTORS, With AWS Keys
#
# SAGEMAKER here has temporary keys, which need `aws_session_token` too.

resource "flink_connection" "bedrock" {
  name     = "bedrock-titan"
  type     = "bedrock"
  endpoint = "https://bedrock-runtime.us-west-2.amazonaws.com/model/amazon.titan-embed-text-v2:0/invoke"

  credentials = {
    aws_access_key = var.aws_access_key
    aws_secret_key = var.aws_secret_key
  }
}

resource "flink_connection" "sagemaker" {
  name     = "sagemaker-scoring"
  type     = "sagemaker"
  endpoint = "https://runtime.sagemaker.us-west-2.amazonaws.com/endpoints/scoring/invocations"

  credentials = {
    aws_access_key    = var.temporary_access_key
    aws_secret_key    = var.temporary_secret_key
    aws_session_token = var.temporary_session_token
  }
}

resource "flink_connection" "s3vectors" {
  name     = "s3vectors-products"
  type     = "s3vectors"
  endpoint = "https://s3vectors.us-west-2.api.aws"

  credentials = {
    aws_access_key = var.aws_access_key
    aws_secret_key = var.aws_secret_key
  }
}

variable "aws_access_key" {
  type      = string
  sensitive = true
}

variable "aws_secret_key" {
  type      = string
  sensitive = true
}

variable "temporary_access_key" {
  type      = string
  sensitive = true
}

variable "temporary_secret_key" {
  type      = string
  sensitive = true
}

variable "temporary_session_token" {
  type      = string
  sensitive = true
}
