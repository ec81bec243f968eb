# ELASTIC, With an API Key or a User

resource "flink_connection" "by_key" {
  name        = "elastic-by-key"
  type        = "elastic"
  endpoint    = "https://search.example.com:9243"
  credentials = { api_key = var.elastic_api_key }
}

resource "flink_connection" "by_user" {
  name     = "elastic-by-user"
  type     = "elastic"
  endpoint = "https://search.example.com:9243"

  credentials = {
    username = var.elastic_username
    password = var.elastic_password
  }
}

variable "elastic_api_key" {
  type      = string
  sensitive = true
}

variable "elastic_username" {
  type      = string
  sensitive = true
}

variable "elastic_password" {
  type      = string
  sensitive = true
}
