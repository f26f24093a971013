"""Beijing time, in which Live prints times and names files."""

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def printed(moment: datetime) -> str:
    """Return the time of a rule or a domain, without a zone."""
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
