"""A whole flow for each of the five actions: submit, poll, be called back, verify, fetch."""
