"""Entries that were written and read again: each is equal, and all that is told of it as well."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contract_tests.signers import Wire
from emulator.engine.entryform import FETCH, RECEIPT, entry_form
from emulator.model import fault as faults
from emulator.model.account import AccessKey
from emulator.model.call import Call
from emulator.model.entry import Entry
from emulator.model.error import Reason
from emulator.model.fault import Fault
from emulator.model.fetch import Fetch
from emulator.model.receipt import Receipt
from emulator.model.rule import Rule, When
from emulator.spec import jsontext
from emulator.spec.document import DocumentError
from emulator.spec.record import Form, Place
from emulator.state.journal import Journal
from tests.calls import (
    DRAFTS,
    JOB,
    ROOM,
    SCREENSHOT,
    SNAPSHOT,
    VIDEO,
    Draft,
    both,
    by,
    calling,
    common,
    dated,
    drop,
    header,
    presigned,
    put,
    signed_by,
    signing,
    tampered,
)
from tests.server import HOST, START, InProcess
from tests.test_one_wrong_thing import GOOD, MAINLAND_ACCOUNT, ROWS

BUSY = """
[calls_per_second]
CreateSnapshotTask = 1000
CreateVideoGenerationTask = 1000
CreateScreenshotTask = 1000
SubmitSnapshotJob = 1000
StartSnapshot = 1000
"""
ACCOUNT = """
[[accounts]]
vendor = "{vendor}"
state = "{state}"
keys = [
    {{ id = "test", secret = "test" }},
    {{ id = "closed", secret = "test", enabled = false }},
    {{ id = "temporary", secret = "passing", session_token = "token" }},
]
"""


def world(folder: Path, text: str = BUSY, state: str = "active") -> Path:
    path = folder / "world.toml"
    vendors = ("tencent", "alibaba", "volcengine")
    path.write_text(text + "".join(ACCOUNT.format(vendor=v, state=state) for v in vendors))
    return path


class Caller(InProcess):
    """Sends calls, each with a nonce of its own."""

    def __init__(self, world: Path | None = None, **flags: Any) -> None:
        super().__init__(world, **flags)
        self.declare(**MAINLAND_ACCOUNT)
        self.sent = 0

    def call(self, *drafts: Draft) -> None:
        for draft in drafts:
            self.sent += 1
            wire = draft.sign(self.signer(nonce=f"nonce-{self.sent:010}"))
            for _ in range(2 if draft.is_sent_twice else 1):
                self.send(wire)

    @property
    def journals(self) -> tuple[Journal, Journal]:
        return self.agenda.namespace.state.requests, self.app.emulation.journal

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for journal in self.journals for entry in journal.after(0))

    @property
    def form(self) -> Form:
        emulation = self.app.emulation
        return entry_form(emulation.vendors, emulation.keys)

    def ask(self, path: str) -> str:
        return self.send(Wire("GET", f"/_emulator{path}", {"host": HOST})).text

    def told(self) -> Iterator[tuple[str, str]]:
        """Yield all that the administration tells of the entries."""
        refused = [entry.request_id for entry in self.entries if entry.error]
        pages = ("/requests?limit=1000", "/unverified?limit=1000", "/conduct")
        for path in (*pages, *(f"/explanations/{each}" for each in refused)):
            yield path, self.ask(path)

    def go_on(self) -> None:
        """Put entries that were read into the place of those that were made."""
        for journal in self.journals:
            entries = [again(self.form, entry) for entry in journal.after(0)]
            journal.drop()
            journal.apply(entries)


def again(form: Form, value: object) -> Any:
    """Return what is read of a value's bytes."""
    return form.read(jsontext.decode(jsontext.encode(form.write(value))), Place("ledger"))


def assert_same(emulator: Caller) -> None:
    made = emulator.entries
    told = dict(emulator.told())

    emulator.go_on()

    assert emulator.entries == made
    assert all(entry is not each for entry, each in zip(emulator.entries, made, strict=True))
    assert [path for path, text in emulator.told() if told[path] != text] == []


@pytest.fixture
def emulator(tmp_path: Path) -> Caller:
    return Caller(world(tmp_path))


def test_whatever_is_wrong_is_told_the_same(emulator: Caller) -> None:
    emulator.call(*(row.values[0] for row in ROWS))

    reasons = {entry.error.reason for entry in emulator.entries if entry.error}
    assert len(emulator.entries) > 500
    assert len(reasons) >= 8
    assert json.loads(emulator.ask("/conduct"))["findings"]
    assert any(entry.error and len(entry.error.violations) > 1 for entry in emulator.entries)
    assert_same(emulator)


def test_whatever_is_accepted_is_told_the_same(emulator: Caller) -> None:
    emulator.call(*DRAFTS, *(change(draft) for draft, change in GOOD.values()))
    emulator.call(*SCHEMES, presigned(ROOM))

    assert sum(entry.is_accepted for entry in emulator.entries) > 20
    assert any(entry.response.body.startswith(b"<?xml") for entry in emulator.entries)
    assert_same(emulator)


XML = by("alibaba_rpc", answer="XML")(JOB)
SCHEMES = (by("tencent_v1")(SNAPSHOT), by("tencent_v1")(SCREENSHOT), by("alibaba_rpc")(JOB), XML)


def test_keys_and_signatures_are_told_the_same(emulator: Caller) -> None:
    for draft in (SNAPSHOT, by("tencent_v1")(SNAPSHOT), JOB, by("alibaba_rpc")(JOB), XML, ROOM):
        emulator.call(
            signed_by(secret="wrong")(draft),
            signed_by(secret="test\n")(draft),
            signed_by(key_id="nobody")(draft),
            signed_by(key_id="closed")(draft),
            signed_by(key_id="temporary", secret="passing", token="token")(draft),
            signed_by(key_id="temporary", secret="passing", token="another")(draft),
            signed_by(key_id="temporary", secret="passing")(draft),
            dated(-10_000)(draft),
            dated(10_000)(draft),
            dated(8 * 3600)(draft),
            calling(action="DescribeNothing")(draft),
            calling(version="1999-01-01")(draft),
        )

    facts = [entry.error.facts for entry in emulator.entries if entry.error]
    assert any(each.get("string_to_sign") for each in facts)
    assert_same(emulator)


def test_secrets_under_wrong_names_are_told_the_same(emulator: Caller) -> None:
    for scheme in ("alibaba_v3", "alibaba_rpc"):
        setting = {"AuthKey": "Sec/ret", "authkey": "Sec/ret", "CallbackURL": "http://u:p@x/"}
        draft = Draft("SetEventCallback", "2020-11-09", scheme, setting)
        emulator.call(draft, signed_by(secret="wrong")(draft))

    assert "Sec/ret" not in emulator.ask("/requests")
    assert_same(emulator)


@pytest.mark.parametrize("state", ["arrears", "blocked"])
def test_accounts_in_a_bad_state_are_told_the_same(tmp_path: Path, state: str) -> None:
    emulator = Caller(world(tmp_path, state=state))
    emulator.call(*DRAFTS)

    assert any("state" in entry.error.facts for entry in emulator.entries if entry.error)
    assert_same(emulator)


def test_unknown_resources_are_told_the_same(tmp_path: Path) -> None:
    emulator = Caller(world(tmp_path, 'unknown_resources = "refuse"\n'))
    emulator.call(*DRAFTS)

    assert any(entry.error for entry in emulator.entries)
    assert_same(emulator)


def test_throttled_calls_are_told_the_same(tmp_path: Path) -> None:
    emulator = Caller(world(tmp_path, BUSY.replace("1000", "1")))
    emulator.call(*DRAFTS, *DRAFTS, *DRAFTS)

    reasons = [entry.error.reason for entry in emulator.entries if entry.error]
    assert Reason.THROTTLED in reasons
    assert_same(emulator)


ONE = {"SdkAppId": 1400000001}


def test_what_handlers_refuse_is_told_the_same(emulator: Caller) -> None:
    emulator.call(
        replace(SNAPSHOT, action="DescribeSnapshotTask", arguments={**ONE, "TaskID": "none"}),
        replace(VIDEO, action="DescribeVideoGenerationTask", arguments={**ONE, "TaskId": "a"}),
        replace(JOB, action="GetSnapshotJob", arguments={"JobId": "none"}),
        replace(ROOM, action="StopSnapshot", arguments={"AppId": "661e0000000000000000543c"}),
    )

    assert all(entry.error for entry in emulator.entries)
    assert_same(emulator)


def every_fault() -> Iterator[Fault]:
    yield faults.Refuse("InternalError")
    yield faults.Refuse("InternalError", "{said} differently")
    yield faults.Refuse("Made.{Up}", force=True)
    yield from (faults.Throttle(), faults.KeyDisabled(), faults.TokenExpired())
    yield from (faults.NotPermitted(), faults.Denied("arrears"))
    yield faults.Latency(1, faults.Spread.UNIFORM, 0.5)
    yield from (faults.SlowBody(100), faults.TruncatedBody(0.3), faults.WrongLength(-3))
    yield from map(faults.Reset, faults.ResetPoint)
    yield from (faults.EmptyReply(), faults.NoReply(), faults.MalformedJson())
    yield from (faults.ProxyPage(504), faults.BadGateway(502), faults.Outage(apart_seconds=2))
    yield from (faults.Skew(10_000), faults.Early(), faults.Stuck())


@pytest.fixture
def _by_rule(record_property: Callable[[str, object], None]) -> None:
    record_property("by_rule", "yes")


@pytest.mark.usefixtures("_by_rule")
@pytest.mark.parametrize("fault", tuple(every_fault()), ids=lambda fault: type(fault).__name__)
def test_what_faults_struck_is_told_the_same(emulator: Caller, fault: Fault) -> None:
    rules = (Rule("one", fault), Rule("slow", faults.Latency(0.5), When(every=2)))
    with emulator.agenda.turn:
        emulator.agenda.faults.load(rules, emulator.clock.now())

    emulator.call(*DRAFTS, *DRAFTS, by("alibaba_rpc")(JOB), XML)

    assert any(entry.struck for entry in emulator.entries)
    assert_same(emulator)


LONG = json.dumps({"x": "y" * 80_000})


@pytest.mark.usefixtures("_by_rule")
def test_large_calls_are_told_the_same(emulator: Caller) -> None:
    large = put("Whiteboard.InitParams", LONG)(SNAPSHOT)
    text = put("UserData", LONG)(JOB)
    with emulator.agenda.turn:
        emulator.agenda.faults.load(
            [Rule("one", faults.Refuse("Made.Up", force=True), When(numbers=(5,)))],
            emulator.clock.now(),
        )
    for draft in (large, put("RoomId", "x" * 80_000)(SNAPSHOT), text, by("alibaba_rpc")(text)):
        emulator.call(draft, signed_by(secret="wrong")(draft), put("Other", LONG)(draft))
    emulator.call(put("BusinessId", LONG)(ROOM), put("Other", "x" * 11 * 1024 * 1024)(SNAPSHOT))

    assert all(entry.is_cut for entry in emulator.entries)
    assert any(entry.call.request.is_cut for entry in emulator.entries)
    assert_same(emulator)


def posted(body: bytes) -> Draft:
    return tampered(lambda wire: wire.but(body=body))(SNAPSHOT)


def asked(query: str) -> Callable[[Wire], Wire]:
    return lambda wire: wire.but(target=f"{wire.target}{'&' if '?' in wire.target else '?'}{query}")


def test_bytes_are_kept_as_they_came(emulator: Caller) -> None:
    strange = "%ff=%fe&=&a&b=%00&c=\xe9&%ed%b3%bf=1"
    emulator.call(
        *map(posted, (b"\xff\xfe{", b"\x00", b"", b'"\\ud800"', b"null", b'{"a": 1e400}')),
        header(x_own="caf\xe9\xff", x_tc_language="\xff")(SNAPSHOT),
        *(tampered(asked(strange))(draft) for draft in (*DRAFTS, presigned(ROOM))),
        both(by("tencent_v1", method="GET"), tampered(asked(strange)))(SNAPSHOT),
        both(by("alibaba_rpc", in_body=True), tampered(asked(strange)))(JOB),
        common("Action", "\x00\xff")(by("alibaba_rpc")(JOB)),
        put("SdkAppId", {"$tuple": [1]})(SNAPSHOT),
        put("SdkAppId", 10**40)(SNAPSHOT),
        tampered(lambda wire: wire.but(method="GET", body=b""))(ROOM),
    )
    get = "/?Action=ListRoomInformation&Version=2023-11-01&%ff=%fe&AppId=%ff"
    emulator.send(Wire("GET", get, {"host": "rtc.volcengineapi.com"}))

    assert_same(emulator)


def test_what_a_key_does_not_sign_is_told_the_same(tmp_path: Path) -> None:
    emulator = Caller(world(tmp_path), auth="off")
    emulator.call(*DRAFTS, signed_by(key_id="nobody")(SNAPSHOT), drop("RoomId")(SNAPSHOT))

    assert any(entry.call.key.id != entry.call.claim.access_key_id for entry in emulator.entries)
    assert_same(emulator)


def test_another_site_is_told_the_same(emulator: Caller) -> None:
    there = signed_by(host="tiw.tencentcloudapi.com", key_id="mainland")
    emulator.call(*(both(there, signing(region="ap-guangzhou"))(d) for d in (SNAPSHOT, VIDEO)))
    emulator.call(both(there, put("SnapshotMode", "x"))(SNAPSHOT))

    assert_same(emulator)


def test_a_key_that_has_gone_is_read_without_its_secret(emulator: Caller) -> None:
    emulator.call(SNAPSHOT)
    (entry,) = emulator.entries
    form = entry_form(emulator.app.emulation.vendors, {})

    key = again(form, entry).call.key

    assert key == AccessKey("test", "", "tencent", entry.call.key.account_id, "default")


def test_no_secret_of_a_key_is_written(emulator: Caller) -> None:
    emulator.declare(vendor="tencent", id="200000000077", keys=[{"id": "k77", "secret": "s77"}])
    emulator.call(signed_by(key_id="k77", secret="s77")(SNAPSHOT))
    (entry,) = emulator.entries

    assert entry.is_accepted
    assert b"s77" not in jsontext.encode(emulator.form.write(entry))


def change(**members: object) -> Callable[[dict[str, Any]], object]:
    return lambda written: written.update(members)


GONE = {"product": "tiw", "version": "2019-09-19", "name": "CreateNothing", "site": ""}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change(vendor="nobody"), r"ledger: vendor: must be one of tencent, alibaba, volcengine"),
        (change(action=GONE), "ledger: action: .* has no action 'tiw 2019-09-19 CreateNothing'"),
        (lambda w: w["error"].update(code="No.Such"), "ledger: error.code: .* no error 'No.Such'"),
        (lambda w: w["error"].update(reason="mood"), "ledger: error.reason: must be one of stale"),
        (lambda w: w["request"].update(query="\u20ac"), "ledger: request: must have a query"),
        (change(struck=[{"$mood": {}}]), r"struck.0.\$mood: unknown mark"),
        (change(struck=["throttle"]), "ledger: struck: must be a list of faults"),
        (lambda w: w.pop("call", w.pop("number")), "missing key 'number'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    emulator: Caller, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    emulator.call(drop("RoomId")(SNAPSHOT))
    (entry,) = emulator.entries
    written = jsontext.decode(jsontext.encode(emulator.form.write(entry)))
    change(written)

    with pytest.raises(DocumentError, match=said):
        emulator.form.read(written, Place("ledger"))


def test_arguments_that_cannot_be_read_any_more_are_none(emulator: Caller) -> None:
    emulator.call(SNAPSHOT)
    (entry,) = emulator.entries
    written = emulator.form.write(entry)
    written["request"]["body"] = "{"

    call: Call = emulator.form.read(written, Place("ledger")).call

    assert call.arguments == {}


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (RECEIPT, Receipt("a/b", {"content-type": "caf\xe9", "$x": ""}, "\ufffd{")),
        (FETCH, Fetch("bucket/1.png", START, 1.5, "result-expired")),
        (FETCH, Fetch("bucket/1.png", START + timedelta(microseconds=1), 1e9 + 1 / 3)),
    ],
)
def test_receipts_and_fetches_are_read_as_they_were(form: Form, value: object) -> None:
    assert again(form, value) == value
