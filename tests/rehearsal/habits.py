"""Habits: how a client takes what goes wrong. As they stand here, they are a good one's."""

from dataclasses import dataclass, replace
from functools import partial


@dataclass(frozen=True)
class Habits:
    """Seconds are the namespace's: whoever waits moves its clock, so that no test does.

    `pauses` come before the retries of a call, and `asks_after` before the queries for a task that
    no callback has told of; where they end, the client gives up.
    """

    pauses: tuple[float, ...] = tuple(2.0**number for number in range(9))
    asks_after: tuple[float, ...] = (60, 60, 120, 240, 480, 960)
    # Of calls.
    heeds_refusals: bool = True
    looks_before_repeating: bool = True
    names_its_tasks: bool = True
    corrects_its_clock: bool = True
    renews_its_token: bool = True
    # Of callbacks.
    verifies: bool = True
    checks_the_age: bool = True
    keeps_the_old_key: bool = True
    goes_by_the_body: bool = True
    keeps_what_it_does_not_know: bool = True
    forgives_old_news: bool = True
    # Of tasks and what they leave.
    sees_failures: bool = True
    has_a_deadline: bool = True
    counts: bool = True
    fetches_again: bool = True
    asks_for_new_addresses: bool = True
    stops_in_an_empty_room: bool = True
    waits_out_a_flap: bool = True


GOOD = Habits()
but = partial(replace, GOOD)

NEVER: tuple[float, ...] = ()
