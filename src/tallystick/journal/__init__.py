"""Events to JSON lines, and back."""
