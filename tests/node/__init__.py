"""The Node client: its own tests, its types, and its report beside that of the pytest plugin."""
