# A User and a Password

resource "flink_connection" "catalog" {
  name     = "catalog"
  type     = "mongodb"
  endpoint = "mongodb+srv://cluster.example.mongodb.net/catalog"
  username = var.mongodb_username
  password = var.mongodb_password
}

variable "mongodb_username" {
  type      = string
  sensitive = true
}

variable "mongodb_password" {
  type      = string
  sensitive = true
}
