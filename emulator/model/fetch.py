"""A result file that was asked for while rules were there."""

from datetime import datetime
from typing import NamedTuple


class Fetch(NamedTuple):
    """`moment` is real time, as `Entry.ended` is; `fault` is the word of what struck, or ""."""

    path: str
    at: datetime
    moment: float
    fault: str = ""
