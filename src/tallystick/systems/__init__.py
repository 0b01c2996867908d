"""The two mock systems."""
