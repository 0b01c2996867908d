"""Starting and asking connectors."""
