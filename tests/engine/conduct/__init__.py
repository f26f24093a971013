"""Conduct: for each norm a client that keeps it and one that breaks it."""
