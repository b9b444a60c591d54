"""Counting and timing what is done, and spans where traces are wanted."""
