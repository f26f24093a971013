"""Clients of other languages, as their makers built them."""
