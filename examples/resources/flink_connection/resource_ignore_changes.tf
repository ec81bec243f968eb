# COUCHBASE, With Credentials That Something Else Rotates
#
# Terraform creates the connection with the credentials of the configuration.
# From then on another program rotates them, for instance with the SQL statement
# `ALTER CONNECTION`. `ignore_changes` keeps Terraform from sending its own, and
# `credential_drift` from reporting each rotation.

resource "flink_connection" "sessions" {
  name             = "sessions"
  type             = "couchbase"
  endpoint         = "couchbases://cb.example.com"
  credential_drift = "ignore"

  credentials = {
    username = var.couchbase_username
    password = var.couchbase_first_password
  }

  lifecycle {
    ignore_changes = [credentials]
  }
}

variable "couchbase_username" {
  type      = string
  sensitive = true
}

variable "couchbase_first_password" {
  type      = string
  sensitive = true
}
