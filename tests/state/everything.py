"""A state that has everything: of each part rows whose every field is unlike its default."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, get_type_hints

from emulator.engine.snapshot import document_of
from emulator.model.entry import Entry
from emulator.model.event import Event
from emulator.model.fault import (
    FAULTS,
    CallbackFault,
    EmptyReply,
    Fault,
    Latency,
    PlaceFault,
    Refuse,
    Skew,
    SlowBody,
    TruncatedBody,
    WrongLength,
)
from emulator.model.rule import LoadedRule, Rule, When
from emulator.state.counters import Counters
from emulator.state.delta import Delta
from emulator.state.document import Document, Items, types_of
from emulator.state.log import Log
from emulator.state.part import Part
from emulator.state.state import State
from emulator.state.table import Table
from emulator.vendors import VENDORS
from tests.calls import (
    DRAFTS,
    JOB,
    ROOM,
    SNAPSHOT,
    Draft,
    by,
    drop,
    header,
    presigned,
    put,
    signed_by,
    signing,
)
from tests.server import InProcess
from tests.state.turning import turn
from tests.state.variety import Variety, defaults_of, is_record

RECORDS = tuple(record for vendor in VENDORS for record in vendor.records)


def filled() -> tuple[State, Delta]:
    """Return a state in which each part has several rows, and the turn that put them there."""
    state = State()
    _, keys = _journal()
    with turn(state) as deltas:
        for key in keys:
            state.keys.put((key.vendor, key.id), key)
        fill(state, document_of(VENDORS, state))
    (delta,) = deltas
    return state, delta


def fill(state: State, document: Document) -> None:
    """Put rows into each part, within a turn."""
    variety = Variety(RECORDS, SPECIAL)
    for name, hint in get_type_hints(State).items():
        part: Part = state.parts[name]
        if isinstance(part, Counters):
            for _ in range(3):
                part.count(variety.text(), variety.number())
            continue
        *_, row = types_of(hint)
        rows = [*variety.each(row), *variety.each(row)]
        if isinstance(part, Log):
            for each in rows:
                part.add(each)
        elif isinstance(part, Table):
            form = document.forms[name]
            keyed = (
                form.content(rows).put
                if isinstance(form, Items)
                else {variety.text(): r for r in rows}
            )
            assert len(keyed) == len(rows), f"rows of {name} have the same key"
            for key, each in keyed.items():
                part.put(key, each)


def records_in(value: Any) -> Iterator[Any]:
    """Yield every record in a value, itself included."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from records_in(each)
    elif is_record(value):
        yield value
        for name, _ in defaults_of(type(value)):
            yield from records_in(getattr(value, name))
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from records_in(each)


def _events(variety: Variety) -> Sequence[Event]:
    """Return events of every kind; a step or a look is due when its event is."""
    kinds = get_type_hints(Event)["what"]
    return [
        Event(getattr(what, "due_at", None) or variety.moment(), variety.number(), what)
        for what in variety.each(kinds)
    ]


# Rules: what scenario files may say, of every fault.

_TEXTS: Mapping[str, str] = {
    "state": "arrears",
    "place": "live/push.example.com/live/lesson",
    "code": "Made.Up",
}
_NUMBERS: Mapping[str, float] = {"status": 504, "share": 0.25, "copies": 7, "by": -3}
_OF_CALLS: Mapping[str, Any] = {
    "vendor": "tencent",
    "product": "tiw",
    "action": "CreateSnapshotTask",
    "region": "ap-singapore",
    "parameters": {"SdkAppId": [1, {"": None}], "Whiteboard.Width": 0.5, "RoomId": "\u2028"},
}
_OF_ALL: Mapping[str, Any] = {
    "probability": 0.125,
    "from_seconds": 1.5,
    "until_seconds": 99.5,
    "times": 7,
}


def _rules(variety: Variety) -> Sequence[LoadedRule]:
    rules = [
        Rule(f"rule-{variety.number()}", fault, when)
        for kind in FAULTS.values()
        for fault in _faults(kind)
        for when in _whens(fault)
    ]
    return [LoadedRule(rule, variety.moment(), False) for rule in rules]


def _faults(kind: type[Fault]) -> Iterator[Fault]:
    """Yield faults of a kind with every field unlike its default, one for each word."""
    hints = get_type_hints(kind)
    said = {name: _said(name, hints[name], default) for name, default in defaults_of(kind)}
    words = next((each for each in said.values() if isinstance(each, tuple)), (None,))
    for word in words:
        yield kind(**{n: word if isinstance(v, tuple) else v for n, v in said.items()})


def _said(name: str, kind: Any, default: Any) -> Any:
    """Return a value that a field of a fault may have, or all words that it may be."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(each for each in kind if each is not default)
    if kind is str:
        return _TEXTS.get(name, f'said "{name}" \u2028')
    if kind is bool:
        return not default
    return _NUMBERS.get(name, 60 if kind is int else 1.75)


def _whens(fault: Fault) -> Iterator[When]:
    if isinstance(fault, PlaceFault):
        yield When(**_OF_ALL, numbers=(1, 3))
        yield When(**_OF_ALL, every=1)
        return
    of_calls = {n: v for n, v in _OF_CALLS.items() if n != "parameters" or type(fault) is not Skew}
    event: Mapping[str, Any] = (
        {"event": "SnapshotFinished"} if isinstance(fault, CallbackFault) else {}
    )
    yield When(**_OF_ALL, **of_calls, **event, numbers=(2, 3))
    yield When(**_OF_ALL, **of_calls, **event, every=4)


# Entries: of calls that were made.


class _Caller(InProcess):
    """Sends calls, each with a nonce of its own."""

    sent = 0

    def call(self, *drafts: Draft) -> None:
        for draft in drafts:
            self.sent += 1
            self.send(draft.sign(self.signer(nonce=f"nonce-{self.sent:010}")))


def _journal() -> tuple[Sequence[Entry], Sequence[Any]]:
    """Return entries of calls of all kinds, and the keys that signed them."""
    emulator = _Caller()
    for vendor in ("tencent", "alibaba", "volcengine"):
        emulator.declare(vendor=vendor, keys=[{"id": "test", "secret": "test"}, TEMPORARY])
    emulator.call(*DRAFTS, WITH_QUERY, by("tencent_v1")(SNAPSHOT))
    emulator.call(by("alibaba_rpc", answer="XML")(JOB), by("alibaba_rpc", in_body=True)(JOB))
    emulator.call(drop("RoomId")(SNAPSHOT), put("SdkAppId", "x")(SNAPSHOT), put("No", 1)(JOB))
    emulator.call(signed_by(key_id="temporary", secret="passing", token="token")(JOB))
    emulator.call(put("SnapshotMode", "allmarks")(SNAPSHOT), drop("AppId")(ROOM))
    emulator.call(header(x_tc_language="zh-CN")(SNAPSHOT), signing(expires_seconds=60)(WITH_QUERY))
    emulator.call(signed_by(host="tiw.intl.tencentcloudapi.com")(SNAPSHOT))
    emulator.call(put("Whiteboard.InitParams", "x" * 80_000)(SNAPSHOT))
    emulator.call(put("Other", "x" * 11 * 1024 * 1024)(SNAPSHOT))
    for fault in (SlowBody(9), TruncatedBody(0.3), WrongLength(-3), EmptyReply(), _FORCED):
        with emulator.agenda.turn:
            emulator.agenda.load_rules([Rule("slow", Latency(1)), Rule("other", fault)])
        emulator.call(SNAPSHOT, JOB)
    state = emulator.agenda.namespace.state
    return [*state.requests.items(), *emulator.app.emulation.journal.items()], state.keys.values()


WITH_QUERY = presigned(ROOM)
_FORCED = Refuse("Made.Up", "Said", force=True)
TEMPORARY = {"id": "temporary", "secret": "passing", "session_token": "token"}


def _entries(variety: Variety) -> Sequence[Entry]:
    entries, _ = _journal()
    return [each.but(number=variety.number()) for each in entries]


SPECIAL: Mapping[type, Callable[[Variety], Sequence[Any]]] = {
    Event: _events,
    LoadedRule: _rules,
    Entry: _entries,
}
