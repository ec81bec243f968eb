# Credentials That Are Never Stored
#
# The value of a write-only argument can come from an ephemeral variable or an
# ephemeral resource. To rotate it, change the value and
# `credentials_wo_version`.

resource "flink_connection" "gemini" {
  name     = "gemini"
  type     = "googleai"
  endpoint = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent"

  api_key_wo             = var.gemini_api_key
  credentials_wo_version = 1
}

variable "gemini_api_key" {
  type      = string
  ephemeral = true
}
