//! A REST client for Confluent Cloud for Apache Flink.
