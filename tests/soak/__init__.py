"""A soak test: minutes of mixed traffic against a server process, with invariants checked."""
