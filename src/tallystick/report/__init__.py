"""Verdict and journal to what people read."""
