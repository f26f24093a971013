"""What is kept is what is there: for every emulator that a test has made on a yielding ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from emulator import app
from emulator.engine.writer import Writer
from emulator.model.account import NO_KEY
from emulator.model.fault import FAULTS
from emulator.model.rule import LoadedRule, Rule, When
from emulator.spec.record import Form, Place, moment
from emulator.state.document import replay
from emulator.state.ledger import Kept, Storage
from emulator.state.state import State
from emulator.world import ruleform
from tests.ledgers import Disk, YieldingLedger
from tests.state.likeness import differences

_LONG = "every one of so many turns would be written and read"
OF_MEMORY: Mapping[str, str] = {
    "test_a_call_is_answered_without_giving_way": "a ledger that yields gives way",
    "test_what_a_namespace_kept_is_freed_when_it_ends_without_a_search_of_all_memory": (
        "it is looked at when the test is over"
    ),
    "test_others_have_turns_while_what_a_namespace_kept_is_freed": _LONG,
    "test_each_of_many_tasks_that_end_at_once_is_delivered_once": _LONG,
    "test_a_day_of_pictures_pauses_for_three_interruptions": _LONG,
    "test_a_day_without_an_interruption_has_43200_pictures_and_keeps_few": _LONG,
}
"""Tests of what only the memory ledger does, each with the reason."""

_WRITERS: list[Writer] = []


class _KnownWriter(Writer):
    """A writer that can be looked at when its test is over."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        _WRITERS.append(self)


def _on_a_disk() -> Storage:
    return Disk().storage()


def install(patch: pytest.MonkeyPatch) -> None:
    """Have every emulator that is made from now on be kept on a disk of its own."""
    patch.setattr(app, "in_memory", _on_a_disk)
    patch.setattr(app, "Writer", _KnownWriter)


def lost() -> Sequence[str]:
    """Return what differs between namespaces made since the last look and what is kept of them."""
    writers = tuple(_WRITERS)
    _WRITERS.clear()
    return [each for writer in writers for each in _lost(writer)]


def _lost(writer: Writer) -> Iterator[str]:
    ledger, lease = writer._ledger, writer._lease
    if not isinstance(ledger, YieldingLedger) or lease is None or not writer.is_ready:
        return
    ledger.settle()
    stored = ledger._disk.of(writer._namespace)
    if stored.epoch != lease.epoch or stored.kept is None:
        return  # another one writes it now, or nobody
    yield from differences_of(writer, stored.kept)


def differences_of(writer: Writer, kept: Kept) -> Iterator[str]:
    """Yield what a namespace would be otherwise that is loaded from what is kept."""
    live, loaded, document = writer._state, State(), writer._document()
    document.forms = {**document.forms, "rules": _with_any_rule(document.forms["rules"])}
    document.read_into(loaded, kept.checkpoint)
    for record in kept.deltas:
        replay(loaded, *document.decode(record))
    if loaded.number != live.number:
        yield f"turn {loaded.number} is the last one that is kept, and not {live.number}"
    for name in live.parts:
        yield from differences(_shown(loaded, name), _shown(live, name), name)


def _with_any_rule(rules: Any) -> Any:
    """Return the form of the rules that also reads those that no document may have.

    Tests load rules that nobody could declare.
    """

    def read(value: dict[str, Any], place: Place) -> LoadedRule:
        said = place.table(dict(value["rule"]))
        name, fault = said.take("name", str), FAULTS[said.take("fault", str)]
        rule = Rule(name, ruleform.read(said, fault), ruleform.read(said, When))
        said.close()
        return LoadedRule(rule, moment(value["loaded_at"], place), value["is_on"])

    return replace(rules, row=Form(rules.row.write, read))


def _shown(state: State, name: str) -> Sequence[Any]:
    """Return the items of a part, as far as they are to be found again."""
    items = state.parts[name].items()
    if name == "timeline":
        return sorted(event for _, event in items)
    if name == "requests":
        # Keys may have been changed since.
        return [each.but(call=each.call.but(key=NO_KEY)) for each in items]
    return items
