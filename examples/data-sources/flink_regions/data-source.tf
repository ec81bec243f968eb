# The Azure Regions in Which Flink Runs

data "flink_regions" "azure" {
  cloud = "azure"
}

output "azure_regions" {
  value = data.flink_regions.azure.regions[*].region
}
