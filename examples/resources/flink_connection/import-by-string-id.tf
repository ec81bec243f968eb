import {
  to = flink_connection.openai
  id = "7c60d51f-b44e-4682-87d6-449835ea4de6/env-a1b2c3/aws/us-west-2/openai"
}
