# VERTEXAI, With a Google Service Account Key
#
# `service_key` is the JSON text of the key file.

resource "flink_connection" "vertexai" {
  name        = "vertexai"
  type        = "vertexai"
  endpoint    = "https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/endpoints/1234567890:predict"
  credentials = { service_key = var.service_account_key }
}

variable "service_account_key" {
  type      = string
  sensitive = true
}
