# PINECONE and COSMOSDB, Vector Stores With an API Key

resource "flink_connection" "pinecone" {
  name        = "pinecone"
  type        = "pinecone"
  endpoint    = "https://products-a1b2c3d.svc.us-west-2.pinecone.io"
  credentials = { api_key = var.pinecone_api_key }
}

resource "flink_connection" "cosmosdb" {
  name        = "cosmosdb"
  type        = "cosmosdb"
  endpoint    = "https://products.documents.azure.com:443/"
  credentials = { api_key = var.cosmosdb_key }
}

variable "pinecone_api_key" {
  type      = string
  sensitive = true
}

variable "cosmosdb_key" {
  type      = string
  sensitive = true
}
