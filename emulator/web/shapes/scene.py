"""Who publishes where, and which marks are set."""

from collections.abc import Sequence
from typing import Annotated

from emulator.spec.jsontext import Limits, Shape
from emulator.web.shapes.clock import Moment

Pixels = Annotated[int, Limits(ge=0, le=8192)]


class Stream(Shape):
    """A stream published at a place; a place and nothing else is one where nobody publishes."""

    place: str
    user: str = ""
    kind: Annotated[int, Limits(ge=0, le=100)] = 0
    width: Pixels = 1280
    height: Pixels = 720
    begins_at: Moment | None = None
    ends_at: Moment | None = None
    query: str | None = None
    errcode: Annotated[int, Limits(ge=0, le=1000)] | None = None


class Mark(Shape):
    """A snapshot mark set on a page of the whiteboard at a place; a place and nothing else is one
    without marks.
    """

    place: str
    page: str = ""
    set_at: Moment | None = None
    sdk_version: str = "2.9.0"


class Scene(Shape):
    """The places that are set, each as it is named here only."""

    streams: Sequence[Stream] = ()
    marks: Sequence[Mark] = ()
