"""The surface: what Slack sends in, what people read."""
