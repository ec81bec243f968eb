//! The REST API of Confluent Cloud for Apache Flink, played locally.
