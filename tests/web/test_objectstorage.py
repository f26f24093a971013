"""Addresses of files: which ones open, and what object storage answers to the others."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from contract_tests.signers import Wire
from emulator.model.result import Format, Picture, Result
from emulator.web.objectstorage import refusals
from tests.flows.ice import Customer
from tests.flows.tiw import Classroom
from tests.server import HOST, START, Answer, InProcess

Query = dict[str, str]
HOUR = 3600


@pytest.fixture
def customer() -> Customer:
    return Customer(InProcess())


def signed(customer: Customer) -> tuple[str, Query]:
    """Return the path of a picture, and the query of an address that opens it for an hour."""
    job_id = customer.submit("out.jpg")
    customer.emulator.advance(2)
    address = urlsplit(customer.urls(job_id, Timeout=HOUR)[0])
    return address.path, {name: value for name, (value,) in parse_qs(address.query).items()}


def fetch(emulator: InProcess, path: str, query: Query) -> Answer:
    target = f"{path}?{urlencode(query)}" if query else path
    return emulator.send(Wire("GET", target, {"host": HOST}))


def said(answer: Answer) -> tuple[int, str]:
    """Return the status, and the word of the refusal that has its code and message."""
    assert answer.headers["content-type"].startswith("application/xml")
    found = [
        word
        for word, refusal in refusals().items()
        if f"<Code>{refusal.code}</Code><Message>{refusal.message}</Message>" in answer.text
    ]
    return answer.status, found[0]


CHANGES: dict[str, tuple[Callable[[Query], Query], str]] = {
    "a wrong signature": (lambda query: {**query, "Signature": "d3Jvbmc="}, "mismatch"),
    "no signature in it": (lambda query: {**query, "Signature": ""}, "mismatch"),
    "a signature beyond ASCII": (lambda query: {**query, "Signature": "é"}, "mismatch"),
    "a later time": (lambda q: {**q, "Expires": str(int(q["Expires"]) + 1)}, "mismatch"),
    "a time that is none": (lambda query: {**query, "Expires": "soon"}, "mismatch"),
    "a time that is over": (lambda query: {**query, "Expires": "1000"}, "expired"),
    "another key": (lambda query: {**query, "OSSAccessKeyId": "nobody"}, "key"),
    "no time": (lambda query: {**query, "Expires": None}, "incomplete"),  # type: ignore[dict-item]
    "no key": (lambda query: {"Expires": query["Expires"]}, "incomplete"),
    "a signature alone": (lambda query: {"Signature": query["Signature"]}, "incomplete"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_address_that_was_changed_does_not_open(customer: Customer, name: str) -> None:
    path, query = signed(customer)
    change, word = CHANGES[name]
    changed = {key: value for key, value in change(query).items() if value is not None}

    answer = fetch(customer.emulator, path, changed)

    assert said(answer) == (403, word)


def test_an_address_opens_until_it_expires(customer: Customer) -> None:
    path, query = signed(customer)

    statuses = [fetch(customer.emulator, path, query).status]
    for seconds in (HOUR - 1, 1):
        customer.emulator.advance(seconds)
        statuses.append(fetch(customer.emulator, path, query).status)

    assert statuses == [200, 200, 403]
    assert said(fetch(customer.emulator, path, query)) == (403, "expired")


def test_an_address_does_not_open_another_file(customer: Customer) -> None:
    path, query = signed(customer)

    answer = fetch(customer.emulator, f"{path}x", query)

    assert said(answer) == (403, "mismatch")


def test_without_a_query_a_file_opens(customer: Customer) -> None:
    path, _ = signed(customer)

    assert fetch(customer.emulator, path, {}).status == 200
    assert fetch(customer.emulator, path, {"v": "2"}).status == 200


@pytest.mark.parametrize(
    ("buckets", "statuses"),
    [
        ('test-bucket = "private"', [403, 200]),
        ('"*" = "private"', [403, 200]),
        ('test-bucket = "public-read"', [200, 200]),
        ('other = "private"', [200, 200]),
    ],
)
def test_a_file_of_a_private_bucket_opens_by_a_signed_address_only(
    tmp_path: Path, buckets: str, statuses: list[int]
) -> None:
    world = tmp_path / "world.toml"
    world.write_text(f"[buckets]\n{buckets}\n")
    customer = Customer(InProcess(world))
    path, query = signed(customer)

    answers = [fetch(customer.emulator, path, each) for each in ({}, query)]

    assert [answer.status for answer in answers] == statuses
    if answers[0].status != 200:
        assert said(answers[0]) == (403, "private")


def test_whether_a_private_bucket_has_a_file_is_not_told(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text('[buckets]\nb = "private"\n')

    answer = fetch(InProcess(world), "/_emulator/results/b/nothing", {})

    assert said(answer) == (403, "private")


def test_a_word_for_a_bucket_that_there_is_not_is_refused() -> None:
    body = b'{"name": "n", "buckets": {"b": "secret"}}'

    wire = Wire("POST", "/_emulator/namespaces", {"host": HOST}, body)
    answer = InProcess().send(wire)

    assert answer.status == 400
    assert "buckets" in answer.content["detail"]


def test_a_namespace_may_have_private_buckets(customer: Customer) -> None:
    body = b'{"name": "n", "buckets": {"b": "private"}}'
    customer.emulator.send(Wire("POST", "/_emulator/namespaces", {"host": HOST}, body))
    agenda = customer.emulator.app.emulation.agendas["n"]
    with agenda.turn:
        result = Result("b/a", Format.PNG, Picture(1, 1, ()), START)
        agenda.namespace.state.results.put(result.path, result)

    answer = fetch(customer.emulator, "/_emulator/namespaces/n/results/b/a", {})

    assert said(answer) == (403, "private")


@pytest.mark.parametrize("suffix", ["mp4", "mp3", "flv", "m3u8", "jpg", ""])
def test_a_file_that_nobody_promised_is_not_there(suffix: str) -> None:
    answer = fetch(InProcess(), f"/_emulator/results/bucket/lesson.{suffix}", {})

    assert said(answer) == (404, "missing")


def test_a_video_that_was_promised_says_that_it_is_not_made() -> None:
    room = Classroom()
    room.publishes(("ann", 0, None))
    task_id = room.start(AudioFileNeeded=True)
    room.advance(62)
    room.call("StopOnlineRecord", TaskId=task_id)
    room.advance(2)
    videos = room.recording(task_id)["VideoInfos"]
    kinds = {video["VideoFormat"] for video in videos}

    answers = [fetch(room.emulator, urlsplit(each["VideoUrl"]).path, {}) for each in videos]

    assert kinds == {"mp3", "mp4"}
    assert {answer.status for answer in answers} == {501}
    assert all("does not make video and audio files yet" in each.text for each in answers)
