//! A Terraform provider for Confluent Cloud for Apache Flink.
