# A token of an identity provider

terraform {
  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}

provider "flink" {
  organization_id = "7c60d51f-b44e-4682-87d6-449835ea4de6"
  environment_id  = "env-a1b2c3"
  cloud           = "azure"
  region          = "westeurope"

  oauth {
    oauth_identity_pool_id       = "pool-a1b2"
    oauth_external_token_url     = "https://login.microsoftonline.com/my-tenant/oauth2/v2.0/token"
    oauth_external_client_id     = var.client_id
    oauth_external_client_secret = var.client_secret
    oauth_external_token_scope   = "api://confluent/.default"
  }
}

variable "client_id" {
  type = string
}

variable "client_secret" {
  type      = string
  sensitive = true
}
