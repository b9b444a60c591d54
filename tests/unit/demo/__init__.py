"""Tests of what runs in the demo."""
