# <organization>/<environment>/<cloud>/<region>/<name>
terraform import flink_connection.openai 7c60d51f-b44e-4682-87d6-449835ea4de6/env-a1b2c3/aws/us-west-2/openai

# The provider block or the environment says the rest:
# <environment>/<cloud>/<region>/<name>, <organization>/<environment>/<name>,
# <cloud>/<region>/<name>, <environment>/<name>, <region>/<name> or <name>
terraform import flink_connection.openai openai
