"""Whole flows: submit, proceed, call back, fetch, stop."""
