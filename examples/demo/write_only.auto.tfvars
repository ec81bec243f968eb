anthropic_api_key         = "not-a-real-anthropic-key-1"
anthropic_api_key_version = "1"
