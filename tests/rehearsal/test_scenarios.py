"""Every file of `scenarios/`, with a client that copes and one that does not.

The clients call over sockets, as they would call the vendors, and wait by moving the clock of
their namespace, as tests do.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest

from emulator.client import Namespace, Receiver, Server, receiving
from emulator.engine.conduct import NORMS
from emulator.world import library
from tests.rehearsal.application import Application
from tests.rehearsal.flows import event_callback
from tests.rehearsal.habits import GOOD, Habits
from tests.rehearsal.listener import KEY
from tests.rehearsal.rows import ROWS, Row
from tests.server import Running

# By then whatever is late has come, the vendors' last retries included.
AFTERWARDS_SECONDS = 4000
each_scenario = pytest.mark.parametrize("name", library.files())


# No scenario is about them: how long a receiver takes is real time.
OF_SLOW_RECEIVERS = {"callback-too-late", "callback-slow"}
# Where what is refused is refused for its own sake.
BY_CAUSE = ("stream-flaps",)


@pytest.fixture(autouse=True)
def _by_rule(
    record_property: Callable[[str, object], None], request: pytest.FixtureRequest
) -> None:
    if "name" in request.fixturenames and request.getfixturevalue("name") not in BY_CAUSE:
        record_property("by_rule", "yes")


@pytest.fixture(scope="module")
def here(server: Running) -> Iterator[Server]:
    with Server(f"http://{server.endpoint}") as here:
        yield here


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def namespace(here: Server, receiver: Receiver, name: str) -> Iterator[Namespace]:
    with here.create(
        name,
        clock="manual",
        scenario=name,
        callback_url=receiver.url if ROWS[name].calls_back else "",
        accounts=accounts(name, receiver.url),
    ) as namespace:
        yield namespace


def accounts(name: str, url: str) -> list[dict[str, Any]]:
    """Return one at Alibaba's that is called back with a signature, and one with temporary keys."""
    temporary = [
        {"id": f"{name} {word}", "secret": "secret", "session_token": f"{name} {word}"}
        for word in ("first", "second")
    ]
    return [
        {
            "vendor": "alibaba",
            "keys": [{"id": f"{name} alibaba", "secret": "secret"}],
            "callbacks": [{"of": "ice", **event_callback(url, KEY)}],
        },
        {"vendor": "tencent", "keys": temporary},
    ]


def live(namespace: Namespace, receiver: Receiver, row: Row, habits: Habits) -> Application:
    """Go through a scenario with these habits, and until nothing is on its way any more."""
    application = Application(namespace, receiver, habits, row.patience_seconds)
    row.flow(application)
    namespace.clock.advance(AFTERWARDS_SECONDS)
    return application


def said(namespace: Namespace) -> set[str]:
    return {finding.rule for finding in namespace.conduct()}


def test_every_scenario_has_a_row_and_every_row_a_scenario() -> None:
    assert list(ROWS) == list(library.files())


def test_every_habit_is_one_that_somebody_lacks() -> None:
    lacked = {
        habit.name
        for row in ROWS.values()
        for habit in fields(Habits)
        if getattr(row.careless, habit.name) != getattr(GOOD, habit.name)
    }

    assert lacked == {habit.name for habit in fields(Habits)}


def test_every_rule_of_conduct_is_broken_by_somebody() -> None:
    broken = {rule for row in ROWS.values() for rule in row.said}

    assert broken == NORMS.keys() - OF_SLOW_RECEIVERS


@each_scenario
def test_who_copes_gets_what_can_be_had_and_nothing_is_said_of_it(
    namespace: Namespace, receiver: Receiver, name: str
) -> None:
    application = live(namespace, receiver, ROWS[name], GOOD)

    assert application.end() == ROWS[name].good
    assert namespace.conduct() == []
    assert [rule.name for rule in namespace.rules() if not rule.hits] == []


@each_scenario
def test_who_does_not_cope_is_told_what_was_wrong_with_it(
    namespace: Namespace, receiver: Receiver, name: str
) -> None:
    application = live(namespace, receiver, ROWS[name], ROWS[name].careless)

    assert application.end() == ROWS[name].bad
    assert said(namespace) == ROWS[name].said
    assert [rule.name for rule in namespace.rules() if not rule.hits] == []
