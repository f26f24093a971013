"""Incidents to rehearse, from the shell."""
