//! `flink_environment`: an environment of the organization. A data source: this provider
//! does not make environments.

mod data_source;

pub(crate) use self::data_source::DataSource;
