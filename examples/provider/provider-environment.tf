# Everything from the environment

terraform {
  required_providers {
    flink = {
      source = "flink-iac/flink"
    }
  }
}

provider "flink" {}
