"""Disturbances of a namespace that clients are calling: one module for each kind."""
