"""The same call again: what is answered to it, and what is the same in two emulators."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from emulator.app import create_app
from emulator.settings import Settings
from tests.calls import (
    DRAFTS,
    JOB,
    NOW,
    ROOM,
    SCREENSHOT,
    SNAPSHOT,
    VIDEO,
    Change,
    Draft,
    Refusal,
    both,
    drop,
    put,
    refusal,
    signed_by,
)
from tests.server import Answer, InProcess
from tests.test_one_wrong_thing import period

# Without a full stop at its end, as the page prints it.
STARTED = "The task has been started. Please do not call the startup task interface repeatedly"
TOO_MANY = Refusal(
    "LimitExceeded.MaximumRunningTask",
    "The current number of concurrent tasks exceeds the limit.",
    200,
)

TWO_ACCOUNTS = """
[[accounts]]
vendor = "volcengine"

[[accounts]]
vendor = "volcengine"
id = "other"
[[accounts.keys]]
id = "other"
secret = "other"

[[accounts]]
vendor = "tencent"

[[accounts]]
vendor = "tencent"
id = "other"
[[accounts.keys]]
id = "other"
secret = "other"
"""
OTHER = signed_by(key_id="other", secret="other")


def send(emulator: InProcess, draft: Draft) -> Answer:
    return emulator.send(draft.sign(emulator.signer()))


def two_accounts(folder: Path) -> InProcess:
    path = folder / "world.toml"
    path.write_text(TWO_ACCOUNTS, encoding="utf-8")
    return InProcess(path)


def unchanged(draft: Draft) -> Draft:
    return draft


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(unchanged, id="the very same call"),
        pytest.param(put("MaxIdleTime", 60), id="another idle time"),
        pytest.param(drop("TargetStreams"), id="all streams"),
        pytest.param(put("BusinessId", "Other"), id="another business"),
    ],
)
def test_a_task_started_again_is_answered_with_a_hint_and_no_error(
    emulator: InProcess, change: Change
) -> None:
    first = send(emulator, ROOM)

    again = send(emulator, change(ROOM))

    assert (first.status, first.content["Result"]) == (200, "ok")
    assert (again.status, again.content["Result"]) == (200, STARTED)
    assert set(again.content["ResponseMetadata"]) == set(first.content["ResponseMetadata"])


@pytest.mark.parametrize("name", ["AppId", "RoomId", "TaskId"])
def test_a_task_with_another_id_is_another_task(emulator: InProcess, name: str) -> None:
    send(emulator, ROOM)

    other = send(emulator, put(name, "Other")(ROOM))

    assert other.content["Result"] == "ok"


def test_ids_are_not_run_together(emulator: InProcess) -> None:
    named = [
        both(put("AppId", app), put("RoomId", room), put("TaskId", task))(ROOM)
        for app, room, task in (("a", "bc", "d"), ("ab", "c", "d"), ("a", "b", "cd"))
    ]

    results = [send(emulator, draft).content["Result"] for draft in named]

    assert results == ["ok", "ok", "ok"]


def test_a_refused_start_starts_nothing(emulator: InProcess) -> None:
    send(emulator, put("MaxIdleTime", 0)(ROOM))

    assert send(emulator, ROOM).content["Result"] == "ok"


def test_two_accounts_may_start_the_same_task(tmp_path: Path) -> None:
    emulator = two_accounts(tmp_path)

    results = [
        send(emulator, draft).content["Result"] for draft in (ROOM, OTHER(ROOM), ROOM, OTHER(ROOM))
    ]

    assert results == ["ok", "ok", STARTED, STARTED]


@pytest.mark.parametrize("draft", [SNAPSHOT, VIDEO, SCREENSHOT], ids=lambda draft: draft.action)
def test_tencent_makes_a_new_task_of_the_same_call(emulator: InProcess, draft: Draft) -> None:
    responses = [send(emulator, draft).content["Response"] for _ in range(2)]

    ids = {response.get("TaskId") or response["TaskID"] for response in responses}
    assert len(ids) == 2


def test_alibaba_makes_a_new_job_of_the_same_arguments(emulator: InProcess) -> None:
    answers = [send(emulator, signed_by(nonce=nonce)(JOB)) for nonce in ("1", "2")]

    assert len({answer.content["JobId"] for answer in answers}) == 2


def seeded(seed: int) -> InProcess:
    emulator = InProcess()
    emulator.app = create_app(Settings(seed=seed), emulator.clock)
    return emulator


# Accepted and refused, before and after it is known whose call it is.
CALLS = (
    *DRAFTS,
    ROOM,
    drop("RoomId")(SNAPSHOT),
    signed_by(secret="wrong")(VIDEO),
    signed_by(key_id="nobody", nonce="another")(JOB),
    signed_by(token="token")(ROOM),
)


def _answers(seed: int) -> list[Answer]:
    emulator = seeded(seed)
    return [send(emulator, draft) for draft in CALLS]


@pytest.mark.parametrize("seed", [0, 1, 2**64])
def test_the_same_seed_and_calls_give_the_same_bytes(seed: int) -> None:
    assert _answers(seed) == _answers(seed)


def test_another_seed_gives_other_ids(emulator: InProcess) -> None:
    pairs = zip(_answers(1), _answers(3), strict=True)

    assert [one.body == other.body for one, other in pairs] == [False] * len(CALLS)


def test_the_seed_of_a_world_file_counts_where_none_is_set(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_text("seed = 7", encoding="utf-8")
    emulator = InProcess()
    emulator.app = create_app(Settings(world=path), emulator.clock)

    answer = send(emulator, SNAPSHOT)

    assert answer == send(seeded(7), SNAPSHOT)


Period = tuple[int | None, int]


def _taken(emulator: InProcess, *periods: Period, change: Change = unchanged) -> list[Any]:
    """Ask for screenshots of one stream in these periods; return each refusal, or None."""
    return [refusal(send(emulator, both(period(*times), change)(SCREENSHOT))) for times in periods]


HOUR = 3600


@pytest.mark.parametrize(
    "fourth",
    [
        pytest.param((NOW, NOW + HOUR), id="the same"),
        pytest.param((None, NOW + HOUR), id="from now"),
        pytest.param((NOW + HOUR - 1, NOW + 2 * HOUR), id="the last second"),
        pytest.param((NOW - HOUR, NOW + 1), id="the first second"),
        pytest.param((NOW + 1, NOW + 2), id="inside"),
        pytest.param((NOW - 1, NOW + HOUR + 1), id="around"),
    ],
)
def test_a_fourth_task_that_overlaps_three_on_a_stream_is_refused(
    emulator: InProcess, fourth: Period
) -> None:
    taken = _taken(emulator, *[(NOW, NOW + HOUR)] * 3, fourth)

    assert taken == [None, None, None, TOO_MANY]


@pytest.mark.parametrize(
    "periods",
    [
        pytest.param([(NOW, NOW + HOUR)] * 3 + [(NOW + HOUR, NOW + 2 * HOUR)], id="after"),
        pytest.param([(NOW + HOUR, NOW + 2 * HOUR)] * 3 + [(NOW, NOW + HOUR)], id="before"),
        pytest.param([(None, NOW + 1)] * 3 + [(NOW + 1, NOW + 2)] * 3, id="from second to second"),
        pytest.param(
            [(NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in range(3)] * 2
            + [(NOW, NOW + 3 * HOUR)],
            id="never three at once",
        ),
    ],
)
def test_adjoining_periods_do_not_overlap(emulator: InProcess, periods: Sequence[Period]) -> None:
    assert _taken(emulator, *periods) == [None] * len(periods)


def test_three_tasks_at_one_moment_of_the_period_are_enough_to_refuse_it(
    emulator: InProcess,
) -> None:
    staircase = [
        (NOW, NOW + 3 * HOUR),
        (NOW + HOUR, NOW + 4 * HOUR),
        (NOW + 2 * HOUR, NOW + 5 * HOUR),
    ]

    taken = _taken(emulator, *staircase, (NOW, NOW + 2 * HOUR), (NOW + HOUR, NOW + 3 * HOUR))

    assert taken == [None, None, None, None, TOO_MANY]


@pytest.mark.parametrize("name", ["DomainName", "AppName", "StreamName"])
def test_a_stream_of_another_name_has_three_tasks_of_its_own(
    emulator: InProcess, name: str
) -> None:
    _taken(emulator, *[(NOW, NOW + HOUR)] * 3)

    taken = _taken(emulator, *[(NOW, NOW + HOUR)] * 4, change=put(name, "other"))

    assert taken == [None, None, None, TOO_MANY]


def test_a_stream_of_another_account_has_three_tasks_of_its_own(tmp_path: Path) -> None:
    emulator = two_accounts(tmp_path)
    _taken(emulator, *[(NOW, NOW + HOUR)] * 3)

    taken = _taken(emulator, *[(NOW, NOW + HOUR)] * 4, change=OTHER)

    assert taken == [None, None, None, TOO_MANY]


def test_a_refused_task_takes_no_place(emulator: InProcess) -> None:
    _taken(emulator, *[(NOW, NOW + HOUR)] * 3, (NOW, NOW + 2 * HOUR))

    taken = _taken(emulator, *[(NOW + HOUR, NOW + 2 * HOUR)] * 3)

    assert taken == [None, None, None]


def test_tasks_that_have_ended_take_no_place(emulator: InProcess) -> None:
    _taken(emulator, *[(NOW, NOW + 60)] * 3)
    emulator.advance(60)

    taken = _taken(emulator, (None, NOW + HOUR))

    assert taken == [None]


def test_a_task_that_should_have_begun_does_not_overlap_tasks_that_have_ended(
    emulator: InProcess,
) -> None:
    _taken(emulator, *[(NOW, NOW + 60)] * 3)
    emulator.advance(60)

    taken = _taken(emulator, (NOW, NOW + HOUR))

    assert taken == [None]


def test_the_names_of_a_stream_are_not_run_together(emulator: InProcess) -> None:
    def called(app: str, stream: str) -> Change:
        return both(put("AppName", app), put("StreamName", stream))

    _taken(emulator, *[(NOW, NOW + HOUR)] * 3, change=called("live", "%2Fa"))

    taken = _taken(emulator, (NOW, NOW + HOUR), change=called("live%2F", "a"))

    assert taken == [None]
