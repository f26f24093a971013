"""Recording tasks of Live: a file and an event for each push in their period."""

from typing import Any

import pytest

from tests.flows.live import INTL, MAINLAND, NAMES, SINK, Live, signature
from tests.server import InProcess


class Recording(Live):
    """Live on the international host, which has these tasks too."""

    def record(self, seconds: int = 60, **arguments: Any) -> str:
        period = {"EndTime": self.now() + seconds}
        return str(self.ask("CreateRecordTask", **{**NAMES, **period, **arguments})["TaskId"])

    def ask(self, action: str, **arguments: Any) -> dict[str, Any]:
        return self.call(action, host=INTL, **arguments)

    def refusal(self, action: str, **arguments: Any) -> str:
        return self.code(action, host=INTL, **arguments)

    def files(self, start: int) -> list[tuple[int, int]]:
        """Return begin and end of each file, in seconds after the start."""
        return [(each["start_time"] - start, each["end_time"] - start) for each in self.events()]


@pytest.fixture
def live() -> Recording:
    return Recording(InProcess(callback_url=SINK))


def test_each_push_in_the_period_is_a_file(live: Recording) -> None:
    start = live.now()
    live.publishes((4, 14), (30, None))
    live.record()
    live.emulator.advance(100)

    assert live.files(start) == [(4, 14), (30, 60)]


def test_an_event_says_what_the_page_says(live: Recording) -> None:
    live.notify(key="k", RecordNotifyUrl="http://127.0.0.1:9/own")
    live.publishes((0, None))
    start = live.now()
    task_id = live.record(seconds=10)
    live.emulator.advance(20)

    (event,) = live.events()

    told = {
        "event_type": 100,
        "app": "push.example.com",
        "appname": "live",
        "stream_id": "lesson",
        "channel_id": "lesson",
        "file_format": "hls",
        "task_id": task_id,
        "start_time": start,
        "end_time": start + 10,
        "duration": 10,
        "t": start + 610,
        "sign": signature("k", start + 610),
    }
    assert told.items() <= event.items()
    assert live.emulator.transport.sent[0].url == "http://127.0.0.1:9/own"


def test_a_stopped_task_closes_its_file_at_once_and_does_not_go_on(live: Recording) -> None:
    start = live.now()
    live.publishes((0, None))
    task_id = live.record()
    live.emulator.advance(11)
    code = live.refusal("StopRecordTask", TaskId=task_id)
    live.emulator.advance(100)

    assert (code, live.files(start)) == ("", [(0, 11)])


def test_a_deleted_task_records_the_push_under_way_to_its_end(live: Recording) -> None:
    start = live.now()
    live.publishes((0, 20), (22, None))
    task_id = live.record()
    live.emulator.advance(11)
    code = live.refusal("DeleteRecordTask", TaskId=task_id)
    live.emulator.advance(100)

    assert (code, live.files(start)) == ("", [(0, 20)])


def test_tasks_are_listed_and_a_template_is_not_needed(live: Recording) -> None:
    now = live.now()
    task_id = live.record()

    reply = live.ask("DescribeRecordTask", StartTime=now, EndTime=now + 60)

    assert [(task["TaskId"], task["TemplateId"]) for task in reply["TaskList"]] == [(task_id, 0)]


def test_screenshots_and_recordings_are_counted_apart(live: Recording) -> None:
    for _ in range(3):
        live.record()
        live.task()

    fourth = live.refusal("CreateRecordTask", **NAMES, EndTime=live.now() + 60)

    assert fourth == "LimitExceeded.MaximumRunningTask"


@pytest.mark.parametrize(
    "times",
    [{"EndTime": 0}, {"EndTime": 86_401}, {"StartTime": 518_401, "EndTime": 518_500}],
    ids=["ends now", "longer than a day", "starts after six days"],
)
def test_a_period_that_may_not_be_is_refused(live: Recording, times: dict[str, int]) -> None:
    moved = {name: live.now() + seconds for name, seconds in times.items()}

    assert live.refusal("CreateRecordTask", **NAMES, **moved) == "InvalidParameter"


def test_the_international_host_wants_a_region_that_has_the_action(live: Recording) -> None:
    def code(region: str, host: str = INTL) -> str:
        signer = live.emulator.signer(host=host)
        arguments = {**NAMES, "EndTime": live.now() + 60}
        wire = signer.tencent_v3("CreateRecordTask", "2018-08-01", arguments, region=region)
        error = live.emulator.send(wire).content["Response"].get("Error")
        return error["Code"] if error else ""

    assert [code(""), code("ap-shanghai"), code("ap-tokyo"), code("", MAINLAND)] == [
        "MissingParameter",
        "UnsupportedRegion",
        "",
        "",
    ]


def test_a_file_is_told_of_twelve_times_more_every_minute(live: Recording) -> None:
    live.record(seconds=2)
    live.emulator.advance(3)

    (delivery,) = live.emulator.agenda.namespace.state.callbacks.values()

    rules = delivery.callback.rules

    assert (rules.timeout_seconds, rules.retry_delays_seconds) == (20, (60,) * 12)
