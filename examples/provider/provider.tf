# The provider block

terraform {
  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}

provider "flink" {
  organization_id  = "7c60d51f-b44e-4682-87d6-449835ea4de6"
  environment_id   = "env-a1b2c3"
  cloud            = "aws"
  region           = "us-west-2"
  flink_api_key    = var.flink_api_key
  flink_api_secret = var.flink_api_secret
}

variable "flink_api_key" {
  type      = string
  sensitive = true
}

variable "flink_api_secret" {
  type      = string
  sensitive = true
}
