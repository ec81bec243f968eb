# Azure OpenAI
#
# The endpoint names the deployment and the version of the API.

resource "flink_connection" "azure_openai" {
  name     = "azure-openai"
  cloud    = "azure"
  region   = "westeurope"
  type     = "azureopenai"
  endpoint = "https://example.openai.azure.com/openai/deployments/chat/chat/completions?api-version=2025-01-01-preview"
  api_key  = var.azure_openai_api_key
}

variable "azure_openai_api_key" {
  type      = string
  sensitive = true
}
