"""Text to Dataflow, and findings with file and line."""
