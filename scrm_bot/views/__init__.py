"""Domain objects in, Block Kit out: pure functions."""
