"""The rules that take more than one step."""
