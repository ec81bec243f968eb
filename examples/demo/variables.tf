variable "embeddings_region" {
  description = "The region whose statements use the embeddings."
  type        = string
}

variable "openai_api_key" {
  type      = string
  sensitive = true
}

variable "aws_access_key" {
  type      = string
  sensitive = true
}

variable "aws_secret_key" {
  type      = string
  sensitive = true
}

variable "mongodb_username" {
  type      = string
  sensitive = true
}

variable "mongodb_password" {
  type      = string
  sensitive = true
}

variable "mcp_token" {
  type      = string
  sensitive = true
}
