"""What can happen, as frozen values, each with its Gherkin sentence."""
