"""A script to a world, a journal and a verdict."""
