# An Environment by Its Name, and Its Connections

data "flink_environment" "staging" {
  display_name = "staging"
}

data "flink_connections" "staging" {
  environment_id = data.flink_environment.staging.id
}
