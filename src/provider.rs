//! The one list of everything the provider serves.

use tf_provider::Provider;

use crate::settings::{self, Settings};
use crate::{connection, environment, region};

/// The source address that configurations name.
pub const ADDRESS: &str = "registry.terraform.io/flink-iac/flink";

/// The provider `flink`.
#[must_use]
pub fn provider() -> Provider<Settings> {
    Provider::new("flink", settings::schema(), Settings::configure)
        .address(ADDRESS)
        .version(env!("CARGO_PKG_VERSION"))
        .resource(connection::Resource)
        .data_source(connection::DataSource)
        .data_source(connection::ListDataSource)
        .data_source(region::DataSource)
        .data_source(region::ListDataSource)
        .data_source(environment::DataSource)
}
