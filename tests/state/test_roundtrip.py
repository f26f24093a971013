"""Everything that a state has is written and read again, whatever is added to it later."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_type_hints

import pytest

from emulator.engine.recollection import loaded_rule_form
from emulator.engine.snapshot import document_of
from emulator.model.rule import LoadedRule
from emulator.spec import untyped
from emulator.spec.document import DocumentError
from emulator.spec.record import Form
from emulator.state.counters import Counters
from emulator.state.delta import Delta
from emulator.state.document import Document, Items, copied, replay, types_of
from emulator.state.state import State
from emulator.state.table import Changes, Table
from emulator.vendors import VENDORS
from tests.state.everything import RECORDS, filled, records_in
from tests.state.likeness import differences
from tests.state.variety import defaults_of, is_record

PARTS: Mapping[str, Any] = get_type_hints(State)
# What tells of a call is an entry's own; the rest is of the specs and of keys, by their names.
NOT_OF_THE_STATE = ("Action", "ErrorSpec", "Provenance", "Message")


@pytest.fixture(scope="module")
def everything() -> tuple[State, Delta]:
    return filled()


@pytest.fixture
def state(everything: tuple[State, Delta]) -> State:
    return everything[0]


@pytest.fixture
def delta(everything: tuple[State, Delta]) -> Delta:
    return everything[1]


def unlike(one: State, other: State, *names: str) -> list[str]:
    """Return what differs between two states, in these parts or in all."""
    return [
        found
        for name in names or PARTS
        for found in differences(one.parts[name].items(), other.parts[name].items(), name)
    ]


def with_keys(state: State) -> tuple[State, Document]:
    """Return an empty state, and a form that knows the keys with which calls were signed."""
    empty = State()
    return empty, document_of(VENDORS, state)


def test_every_part_is_read_from_a_delta_as_it_was_written(state: State, delta: Delta) -> None:
    other, document = with_keys(state)

    replay(other, *document.decode(document.encode(delta)))

    assert set(delta.changes) == set(PARTS)
    assert unlike(state, other) == []
    assert other.number == state.number


def test_every_part_is_read_from_a_checkpoint_as_it_was_written(state: State) -> None:
    other = State()
    document = document_of(VENDORS, other)

    document.read_into(other, checkpoint(state, document))

    assert unlike(state, other) == []
    assert other.number == state.number


def checkpoint(state: State, document: Document) -> bytes:
    copy = copied(state)
    written: dict[str, list[Any]] = {name: [] for name in copy.items}
    for name, item in document.items(copy):
        written[name].append(item)
    return document.laid_out(copy.number, {}, written)


def test_rows_that_went_are_read_from_a_delta(state: State) -> None:
    other, document = with_keys(state)
    document.read_into(other, checkpoint(state, document))
    tables = {name: part for name, part in state.parts.items() if isinstance(part, Table)}
    changes: dict[str, Changes[Any, Any]] = {
        name: Changes(tuple(part.rows)[:1], {}) for name, part in tables.items()
    }

    replay(other, *document.decode(document.encode(Delta(state.number + 1, changes, _nothing))))

    left = {name: list(other.parts[name].items()) for name in tables}
    assert left == {name: list(part.items())[1:] for name, part in tables.items()}


def _nothing(delta: Delta) -> bytes:
    raise NotImplementedError


def test_every_field_of_every_value_is_unlike_its_default(state: State) -> None:
    """So a field that is added, and that a special form leaves out, is not overlooked."""
    seen: dict[type, set[str]] = defaultdict(set)
    for part in state.parts.values():
        for record in records_in(part.items()):
            kind = type(record)
            if kind.__name__ not in NOT_OF_THE_STATE:
                unlike = (n for n, default in defaults_of(kind) if getattr(record, n) != default)
                seen[kind].update(unlike)

    left = {
        kind.__name__: {n for n, _ in defaults_of(kind)} - names for kind, names in seen.items()
    }

    assert {kind: names for kind, names in left.items() if names} == {}


def test_every_part_of_a_state_has_a_type_that_says_how_it_is_written() -> None:
    state = State()

    assert list(state.parts) == list(PARTS)
    assert all(state.parts[name] is getattr(state, name) for name in PARTS)


def test_nothing_of_a_state_is_outside_its_parts() -> None:
    state = State()
    others = vars(state).keys() - state.parts.keys()

    # How it is made, the parts once more, and how many turns it has had.
    assert others == {"_bounds", "_tell", "turns", "parts", "_bounded", "number"}


# That what is left out is noticed.

ROWS = {part: types_of(hint)[-1] for part, hint in PARTS.items() if hint is not Counters}
FIELDS = [
    (part, field) for part, row in ROWS.items() if is_record(row) for field, _ in defaults_of(row)
]


@pytest.mark.parametrize(("part", "field"), FIELDS)
def test_a_field_that_a_form_leaves_out_is_noticed(
    state: State, delta: Delta, part: str, field: str
) -> None:
    other, document = with_keys(state)
    forms = {**document.forms, part: _without(document.forms[part], field)}
    document.forms = forms

    try:
        record = document.encode(Delta(1, {part: delta.changes[part]}, _nothing))
        replay(other, *document.decode(record))
    except (DocumentError, AttributeError, KeyError, TypeError):
        return  # it cannot be read at all

    assert unlike(state, other, part) != []


def _without(form: Any, field: str) -> Any:
    """Return the form of a part with a field left out of its rows."""
    name = "item" if hasattr(form, "item") else "row"
    whole: Form = getattr(form, name)

    def write(value: Any) -> Any:
        written = dict(whole.write(value))
        if field in written:
            return {key: each for key, each in written.items() if key != field}
        # What is written of it has another name.
        return {}

    return replace(form, **{name: Form(write, whole.read)})


class Noted(LoadedRule):
    """A rule with a field that its form does not know."""

    note: str = ""


def test_a_field_that_is_added_to_a_value_with_a_form_of_its_own_is_noticed(
    state: State, delta: Delta, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = untyped.members({record.__name__: record for record in RECORDS})
    rules = [Noted(each.rule, each.loaded_at, each.is_on, "new") for each in state.rules.values()]
    monkeypatch.setitem(State.__annotations__, "rules", Table[str, Noted])
    document = Document(free, {Noted: loaded_rule_form(VENDORS, free)} | _special())
    one, other = State(), State()
    listed = document.forms["rules"]
    assert isinstance(listed, Items)
    changed = listed.content(rules)
    one.rules.apply(changed)

    replay(other, *document.decode(document.encode(Delta(1, {"rules": changed}, _nothing))))

    assert unlike(one, other, "rules") != []


def _special() -> dict[type, Form]:
    """Return stand-ins for the other forms of their own; nothing is written by them."""
    nothing = Form(lambda value: value, lambda value, place: value)
    return {row: nothing for row in ROWS.values() if is_record(row) and row is not LoadedRule}


def test_a_part_that_is_added_without_a_type_is_noticed() -> None:
    class Bigger(State):
        def __init__(self) -> None:
            super().__init__()
            self.extra: Table[str, str] = Table(self.turns, "extra")

    state = Bigger()

    assert vars(state).keys() - state.parts.keys() >= {"extra"}
