"""The rooms and streams of a namespace: what a test declared, and imagined ones for the rest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from emulator.model.scene import Mark, Publication, Stream
from emulator.state.state import State

_MARKS_IMAGINED = 3
_SDK_IMAGINED = "2.9.0"
_IMAGINED_SINCE = datetime(2020, 1, 1, tzinfo=UTC)


class StagedScene:
    """Knows the places that were set; in any other, people named after the seed publish for ever.

    With `imagines` off, nothing happens in a place that nobody set.
    """

    def __init__(self, state: State, seed: int, imagines: bool = True) -> None:
        self._publications = state.streams
        self._marks = state.marks
        self._seed = seed
        self._imagines = imagines

    def set_streams(self, place: str, publications: Sequence[Publication]) -> None:
        self._publications.put(place, tuple(publications))

    def set_marks(self, place: str, marks: Sequence[Mark]) -> None:
        self._marks.put(place, tuple(sorted(marks, key=lambda mark: mark.set_at)))

    def streams(self, place: str, now: datetime) -> Sequence[Stream]:
        set_here = self._publications.get(place)
        if set_here is not None:
            return [publication.stream for publication in set_here if publication.is_on(now)]
        return imagined_streams(self._seed, place) if self._imagines else ()

    def since(self, place: str, now: datetime, kind: int | None = None) -> datetime | None:
        """Return when it began; what is imagined is of any kind."""
        set_here = self._publications.get(place)
        if set_here is None:
            return _IMAGINED_SINCE if self._imagines else None
        on = (each for each in set_here if each.is_on(now) and kind in (None, each.stream.kind))
        return min((each.begins_at for each in on), default=None)

    def places(self, prefix: str) -> Sequence[str]:
        return sorted(place for place in self._publications.rows if place.startswith(prefix))

    def turns(self, place: str, now: datetime) -> Sequence[datetime]:
        """Return the moments to come at which something begins or ends there, in order."""
        set_here = self._publications.get(place) or ()
        moments = {each.begins_at for each in set_here} | {each.ends_at for each in set_here}
        return sorted(moment for moment in moments if moment and moment > now)

    def cut(self, place: str, now: datetime, user: str = "") -> None:
        """End what is published there at the moment, by a user or all; more may begin later."""
        after = (
            replace(each, ends_at=now)
            if each.is_on(now) and user in ("", each.stream.user)
            else each
            for each in self._here(place, now)
        )
        self._publications.put(place, tuple(after))

    def _here(self, place: str, now: datetime) -> tuple[Publication, ...]:
        """Return what is set at a place, or what is imagined there as if it were."""
        set_here = self._publications.get(place)
        if set_here is not None:
            return set_here
        return tuple(Publication(stream, _IMAGINED_SINCE) for stream in self.streams(place, now))

    def interrupt(self, place: str, now: datetime, seconds: float) -> None:
        """End what is published there at the moment, and have it begin again some seconds later."""
        again_at = now + timedelta(seconds=seconds)
        again = [
            replace(each, begins_at=again_at)
            for each in self._here(place, now)
            if each.is_on(now) and (each.ends_at is None or each.ends_at > again_at)
        ]
        self.cut(place, now)
        self._publications.put(place, (*self._here(place, now), *again))

    def marks(self, place: str, now: datetime) -> Sequence[Mark]:
        set_here = self._marks.get(place)
        if set_here is not None:
            return [mark for mark in set_here if mark.set_at <= now]
        if not self._imagines:
            return ()
        return [
            Mark(
                f"#DEFAULT{number}",
                now - timedelta(minutes=_MARKS_IMAGINED - number),
                _SDK_IMAGINED,
            )
            for number in range(_MARKS_IMAGINED)
        ]


@lru_cache(maxsize=4096)
def imagined_streams(seed: int, place: str) -> tuple[Stream, ...]:
    """Return one to three people's streams, the same for the same seed and place."""
    faker = _faker()
    faker.seed_instance(f"{seed} {place}")
    chance = Random(f"{seed} {place}")
    names = [faker.unique.user_name() for _ in range(chance.randint(1, 3))]
    faker.unique.clear()
    return tuple(Stream(user=name) for name in names)


@lru_cache(maxsize=1)
def _faker() -> Any:
    from faker import Faker

    return Faker("en_US")
