# The Private Gateway of a Region

data "flink_region" "oregon" {
  cloud  = "aws"
  region = "us-west-2"
}

output "private_gateway" {
  value = data.flink_region.oregon.private_rest_endpoint
}
