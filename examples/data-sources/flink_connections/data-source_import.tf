# Import All Connections of a Place
#
# `for_each` in an `import` block needs Terraform 1.7 or OpenTofu 1.7. The credentials cannot
# be read from the service: the ones of the configuration are sent with the next change.

data "flink_connections" "all" {}

locals {
  connections = { for each in data.flink_connections.all.connections : each.name => each }
}

import {
  for_each = local.connections
  to       = flink_connection.all[each.key]
  id       = each.value.id
}

resource "flink_connection" "all" {
  for_each = local.connections

  name     = each.key
  type     = each.value.type
  endpoint = each.value.endpoint
}
