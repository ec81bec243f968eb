# CONFLUENT_JDBC, With Drift Reported and Not Repaired
#
# Where someone else changes the credentials of this connection, a refresh warns
# and plans nothing. Without `credential_drift`, the next apply sends the
# configured credentials again.

resource "flink_connection" "orders" {
  name             = "orders"
  type             = "confluent_jdbc"
  endpoint         = "jdbc:postgresql://db.example.com:5432/orders"
  credential_drift = "warn"

  credentials = {
    username = var.database_username
    password = var.database_password
  }
}

variable "database_username" {
  type      = string
  sensitive = true
}

variable "database_password" {
  type      = string
  sensitive = true
}
