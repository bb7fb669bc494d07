"""The peer's own tests."""
