"""pytest-bdd's side of the vocabulary."""
