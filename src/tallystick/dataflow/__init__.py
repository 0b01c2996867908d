"""What was agreed, as values."""
