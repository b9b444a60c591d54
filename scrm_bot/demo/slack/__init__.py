"""A stand-in for Slack that is as strict as Slack, for the demo and the tests."""
