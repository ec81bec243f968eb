# AZUREOPENAI and AZUREML, Several Connections by `for_each`
#
# A map of objects has all that differs. `for_each` takes a map whose elements
# hold sensitive values, but no map that is sensitive as a whole.

locals {
  models = {
    azure-chat = {
      type        = "azureopenai"
      endpoint    = "https://example.openai.azure.com/openai/deployments/chat/chat/completions?api-version=2025-01-01-preview"
      credentials = { api_key = var.azure_openai_api_key }
    }
    azure-embeddings = {
      type        = "azureopenai"
      endpoint    = "https://example.openai.azure.com/openai/deployments/embeddings/embeddings?api-version=2024-10-21"
      credentials = { api_key = var.azure_openai_api_key }
    }
    azure-scoring = {
      type        = "azureml"
      endpoint    = "https://workspace.westeurope.inference.ml.azure.com/score"
      credentials = { api_key = var.azure_ml_key }
    }
  }
}

resource "flink_connection" "model" {
  for_each = local.models

  name        = each.key
  cloud       = "azure"
  region      = "westeurope"
  type        = each.value.type
  endpoint    = each.value.endpoint
  credentials = each.value.credentials
}

variable "azure_openai_api_key" {
  type      = string
  sensitive = true
}

variable "azure_ml_key" {
  type      = string
  sensitive = true
}
