# A Type Newer Than the Provider
#
# The type is sent as it is written and takes any key. Plans carry a warning.

resource "flink_connection" "newer" {
  name        = "newer"
  type        = "NEWER_SERVICE"
  endpoint    = "https://service.example.com"
  credentials = { api_key = var.service_api_key }
}

variable "service_api_key" {
  type      = string
  sensitive = true
}
