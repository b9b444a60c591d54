"""The adapter to Redis."""
