"""The real services: what is asked of them, and their answers, kept without saying whose."""
