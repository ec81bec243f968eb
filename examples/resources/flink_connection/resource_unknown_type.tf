# A Type Newer Than the Provider
#
# The type is sent as it is written, the credentials as a map of payload keys.
# Plans carry a warning.

resource "flink_connection" "newer" {
  name     = "newer"
  type     = "NEWER_SERVICE"
  endpoint = "https://service.example.com"

  auth_data = {
    API_KEY = var.service_api_key
  }
}

variable "service_api_key" {
  type      = string
  sensitive = true
}
