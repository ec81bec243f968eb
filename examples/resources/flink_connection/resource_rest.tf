# REST, With a Bearer Token or OAuth 2.0
#
# `username` with `password` is the third way.

resource "flink_connection" "weather" {
  name        = "weather"
  type        = "rest"
  endpoint    = "https://api.example.com/v1/weather"
  credentials = { token = var.weather_token }
}

resource "flink_connection" "ledger" {
  name     = "ledger"
  type     = "rest"
  endpoint = "https://api.example.com/v1/ledger"

  credentials = {
    token_endpoint = "https://login.example.com/oauth2/token"
    client_id      = var.ledger_client_id
    client_secret  = var.ledger_client_secret
    scope          = "ledger.read"
  }
}

variable "weather_token" {
  type      = string
  sensitive = true
}

variable "ledger_client_id" {
  type      = string
  sensitive = true
}

variable "ledger_client_secret" {
  type      = string
  sensitive = true
}
