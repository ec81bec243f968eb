# The Endpoint of a Connection That Others Manage

data "flink_connection" "openai" {
  name = "openai"
}

output "openai_endpoint" {
  value = data.flink_connection.openai.endpoint
}
