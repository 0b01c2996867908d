"""A Dataflow to strategies and Gherkin."""
