# MONGODB, With Only the Password Out of State
#
# `credentials` and `credentials_wo` may stand side by side. A key is in one of
# them, not in both.

resource "flink_connection" "catalog" {
  name     = "catalog"
  type     = "mongodb"
  endpoint = "mongodb+srv://cluster.example.mongodb.net/catalog"

  credentials            = { username = var.mongodb_username }
  credentials_wo         = { password = var.mongodb_password }
  credentials_wo_version = 1
}

variable "mongodb_username" {
  type      = string
  sensitive = true
}

variable "mongodb_password" {
  type      = string
  ephemeral = true
}
