# A Database, by JDBC
#
# Here, credentials that someone else changed are reported and left alone, and
# the service may take its time.

resource "flink_connection" "orders" {
  name             = "orders"
  type             = "confluent_jdbc"
  endpoint         = "jdbc:postgresql://db.example.com:5432/orders"
  username         = var.database_username
  password         = var.database_password
  credential_drift = "warn"

  timeouts {
    create = "10m"
    update = "10m"
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
