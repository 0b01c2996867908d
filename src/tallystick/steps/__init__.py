"""The vocabulary as pytest-bdd steps."""
