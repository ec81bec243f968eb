# The Endpoints of All MongoDB Connections of a Team

data "flink_connections" "mongodb" {
  type        = "MONGODB"
  name_prefix = "orders-"
}

output "mongodb_endpoints" {
  value = { for each in data.flink_connections.mongodb.connections : each.name => each.endpoint }
}
