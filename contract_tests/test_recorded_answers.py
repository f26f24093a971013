"""What the real services answered is what the specs promise, and what the emulator answers."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift.shape import Member
from contract_tests.real.fitting import misfits
from contract_tests.real.question import Question, harmless
from contract_tests.real.recording import PrivacyError, Recording, read, redacted, write
from contract_tests.real.replay import disagreements, product_of
from contract_tests.real.service import Account, Send, record, sign

QUESTIONS = list(harmless())
ACCOUNT = Account("test", "test")
UNKNOWN = Recording(
    vendor="tencent",
    product="tiw",
    version="2019-09-19",
    action="DescribeOnlineRecord",
    title="a recording of nobody",
    recorded_on=date(2026, 1, 2),
    host="tiw.intl.tencentcloudapi.com",
    method="POST",
    request={"SdkAppId": 1400000001, "TaskId": "it's '''quoted'''"},
    status=200,
    response={"Response": {"RequestId": "x", "Error": {"Code": "A", "Message": "b"}}},
)


@pytest.mark.parametrize("recording", list(read()), ids=lambda each: f"{each.action} {each.title}")
def test_a_recorded_answer_is_allowed_by_the_spec_and_given_by_the_emulator(
    send_where_nothing_is: Send,
    recording: Recording,
    record_property: Callable[[str, object], None],
) -> None:
    found = list(disagreements(recording, send_where_nothing_is))

    record_property("replayed", f"{recording.key} {recording.title}")
    assert found == []


# From here on the emulator stands in for the real services.


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.action} {q.title}")
def test_what_is_recorded_can_be_replayed(
    send_where_nothing_is: Send, question: Question, tmp_path: Path
) -> None:
    write(tmp_path, asked(question, send_where_nothing_is), [])

    (recording,) = read(tmp_path)

    assert list(disagreements(recording, send_where_nothing_is)) == []


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, UNKNOWN, [])

    assert list(read(tmp_path)) == [UNKNOWN]


def test_a_recording_takes_the_place_of_the_one_with_its_title(tmp_path: Path) -> None:
    another = replace(UNKNOWN, title="another")
    later = replace(UNKNOWN, status=500)

    for recording in (UNKNOWN, another, later):
        write(tmp_path, recording, [])

    assert list(read(tmp_path)) == [later, another]


def test_what_is_private_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(PrivacyError, match="DescribeOnlineRecord"):
        write(tmp_path, UNKNOWN, ["", "quoted"])

    assert list(tmp_path.rglob("*.toml")) == []


MEMBERS = {
    "Status": Member("string", choices=("FINISHED", "RECORDING")),
    "Url": Member("string"),
    "Tasks": Member(
        "array", item=Member("object", members={"Mode": Member("string", choices=("Auto",))})
    ),
}


MASKED = [
    ({"Status": "FINISHED", "Url": "https://a1.cn/é"}, {"Status": "FINISHED", "Url": "xxxxx://x0.xx/x"}),
    ({"Status": "SECRET"}, {"Status": "xxxxxx"}),
    ({"Total": 9999, "Uin": 100012345678}, {"Total": 9999, "Uin": 100000000000}),
    ({"Fee": -12345.5, "On": True, "No": None}, {"Fee": 10000.0, "On": True, "No": None}),
    ({"Tasks": [{"Mode": "Auto", "Id": "a1"}]}, {"Tasks": [{"Mode": "Auto", "Id": "x0"}]}),
    ({"Response": {"Status": "RECORDING"}}, {"Response": {"Status": "RECORDING"}}),
    (
        {"ResponseMetadata": {"Action": "Get", "RequestId": "A-1", "Error": {"CodeN": 100008}}},
        {"ResponseMetadata": {"Action": "Get", "RequestId": "x-0", "Error": {"CodeN": 100008}}},
    ),
    (
        {"Code": "Forbidden.Ram", "Message": "User acs:ram::1234567890123:user/x of 10.0.0.1"},
        {"Code": "Forbidden.Ram", "Message": "User acs:ram::0000000000000:user/x of 00.0.0.0"},
    ),
    (
        {"HostId": "ice.cn", "Recommend": "https://q=A1"},
        {"HostId": "xxx.xx", "Recommend": "xxxxx://x=x0"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "left"), MASKED)
def test_of_an_answer_stays_what_says_nothing_about_who_asked(
    answer: dict[str, Any], left: dict[str, Any]
) -> None:
    assert redacted(answer, MEMBERS) == left


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"status": 400}, "was answered 400"),
        ({"response": {"Response": {"Error": {"Code": "A", "Message": "b"}}}}, "'Code': 'A'"),
        ({"response": {"Response": {"Status": "FINISHED"}}}, "response.TaskId: is not there"),
        ({"response": {"Response": {"Sort": 1}}}, "response.Sort: is in no spec"),
        ({"response": {"Response": {"RoomId": "1"}}}, "response.RoomId: is no integer"),
        ({"response": {"Response": {"Status": "GONE"}}}, "'GONE' is none of its values"),
    ],
)
def test_a_recording_that_disagrees_is_found(
    send: Send, change: dict[str, Any], complaint: str
) -> None:
    question = next(q for q in QUESTIONS if q.action == "DescribeOnlineRecord")
    recording = replace(asked(question, send), **change)

    found = list(disagreements(recording, send))

    assert any(complaint in line for line in found), found


@pytest.mark.parametrize(
    ("answer", "misfit"),
    [
        ({"Status": "FINISHED", "Url": None, "RequestId": "x"}, []),
        ({"Url": True}, ["Url: is no string"]),
        ({"Tasks": [{"Mode": "Auto"}, {"Mode": "No"}]}, ["Tasks.Mode: 'No' is none of its values"]),
        ({"Tasks": [{"Sort": 1}]}, ["Tasks.Sort: is in no spec"]),
        ("ok", []),
    ],
)
def test_a_misfit_is_named_by_its_path(answer: Any, misfit: list[str]) -> None:
    assert misfits(answer, MEMBERS) == misfit


def asked(question: Question, send: Send) -> Recording:
    """Ask, and return the recording."""
    wire = sign(question, ACCOUNT, datetime.now(UTC), {})
    members = product_of(question.vendor, question.version).form(question.action).response
    return record(question, wire, send(wire), members)


def test_a_recording_holds_no_key_no_signature_and_no_id_of_the_request(send: Send) -> None:
    question = next(q for q in QUESTIONS if q.action == "GetPipeline")
    wire = sign(question, ACCOUNT, datetime.now(UTC), {})
    answer = send(wire)

    text = record(question, wire, answer, {}).text()

    assert answer.content["RequestId"] not in text
    assert "uthorization" not in text
    assert json.dumps("test") not in text
