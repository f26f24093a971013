"""Moments as ICE writes them."""

from datetime import datetime


def written(moment: datetime) -> str:
    """Return UTC to the second; such texts sort as the moments do."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
