"""A journal to violations and a verdict."""
