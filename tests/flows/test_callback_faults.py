"""Callbacks that go wrong, as the customer's server sees them."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.signers import Signer
from emulator.app import create_app
from emulator.model.fault import (
    BadSignature,
    Doubled,
    Early,
    ExpiredSignature,
    Fault,
    Late,
    Lost,
    OldKey,
    Reordered,
    ResultExpired,
    ResultFault,
    ResultMissing,
    Stray,
    WrongContentType,
)
from emulator.model.rule import Rule, When
from emulator.settings import Settings
from emulator.world.namespace import DEFAULT
from emulator.world.transport import Sent
from tests.flows.faults import OWN, Arrival, Incident, told_of
from tests.flows.test_rtc import KEY
from tests.receiver import receiving
from tests.server import START, serving

SECRET = "Secret123"


@pytest.fixture
def incident() -> Incident:
    return Incident()


def test_a_lost_callback_never_comes_and_a_query_still_knows(incident: Incident) -> None:
    incident.load(Lost(), when=When(numbers=(1,)))

    first, second = incident.snapshot(), incident.snapshot()
    incident.advance(3600)

    assert [told_of(arrival) for arrival in incident.arrivals] == [second]
    assert incident.shown(first)["Status"] == "Finished"
    assert incident.fates == [("lost", "callback-lost", 0), ("delivered", "", 1)]
    assert incident.hits == [1]


def test_a_lost_callback_is_sent_by_hand_all_the_same(incident: Incident) -> None:
    incident.load(Lost())
    incident.snapshot()
    incident.advance(2)
    (lost,) = incident.callbacks

    incident.ask("POST", f"/callbacks/{lost['id']}/resend")

    assert incident.moments == [2]
    assert incident.fates == [("delivered", "callback-lost", 1)]


def test_a_late_callback_comes_so_many_seconds_later_in_the_same_words(incident: Incident) -> None:
    incident.load(Late(90.5))

    task_id = incident.snapshot()
    incident.advance(60)
    waiting = incident.fates
    incident.advance(60)

    assert waiting == [("pending", "callback-late", 0)]
    assert incident.moments == [92.5]
    assert (
        incident.arrivals[0].content["EventData"]["FinishTime"]
        == (incident.shown(task_id)["FinishTime"])
    )
    assert (incident.hits, incident.fates) == ([1], [("delivered", "callback-late", 1)])


def test_a_doubled_callback_comes_again_and_each_copy_is_retried_by_itself(
    incident: Incident,
) -> None:
    incident.load(Doubled(copies=3, apart_seconds=2))

    incident.snapshot()
    incident.advance(60)

    assert incident.moments == [2, 4, 6]
    assert len({arrival.body for arrival in incident.arrivals}) == 1
    assert incident.fates == [("delivered", "callback-doubled", 1)] * 3
    assert incident.hits == [1]


def test_what_is_sent_by_hand_lets_nothing_follow_and_keeps_its_own_faults(
    incident: Incident,
) -> None:
    agenda = incident.emulator.agenda
    back = Rule("back", Reordered(), When(numbers=(1,)))
    late = Rule("late", Late(30), When(numbers=(2,)))
    with agenda.turn:
        agenda.load_rules([back, late])
    for room_id in (1, 2):
        incident.snapshot(room_id)
        incident.advance(3)
    incident.status = 500
    incident.ask("POST", f"/callbacks/{incident.callbacks[1]['id']}/resend")
    incident.status = 200

    incident.advance(100)

    assert [each["state"] for each in incident.callbacks] == ["delivered", "delivered"]
    assert [len(each["attempts"]) for each in incident.callbacks] == [1, 2]


def test_two_rules_that_double_one_callback_make_copies_of_their_own(incident: Incident) -> None:
    incident.load(Doubled(copies=3), Doubled(copies=2))

    incident.snapshot()
    incident.advance(60)

    shown = incident.callbacks
    assert [each["number"] for each in shown] == [1, 2, 3, 4]
    assert len({each["id"] for each in shown}) == 4


def test_of_two_reordered_callbacks_the_second_comes_first(incident: Incident) -> None:
    incident.load(Reordered())

    first = incident.snapshot()
    incident.advance(1)
    second = incident.snapshot()
    incident.advance(60)

    assert [told_of(arrival) for arrival in incident.arrivals] == [second, first]
    assert incident.moments == [3, 3]


def test_a_callback_that_is_kept_back_is_sent_when_its_rule_is_removed(incident: Incident) -> None:
    incident.load(Reordered())
    incident.snapshot()
    incident.advance(60)
    before = incident.moments

    with incident.emulator.agenda.turn:
        incident.emulator.agenda.remove_rule("1")
    incident.advance(0)

    assert (before, incident.moments) == ([], [60])


@pytest.mark.parametrize("is_retried", [False, True])
def test_a_fault_is_asked_once_for_a_callback_however_often_it_is_tried(
    incident: Incident, is_retried: bool
) -> None:
    incident.status = 500 if is_retried else 200
    incident.load(WrongContentType())

    incident.snapshot()
    incident.advance(3600)

    assert len(incident.arrivals) == (6 if is_retried else 1)
    assert {arrival.headers["content-type"] for arrival in incident.arrivals} == {"text/plain"}
    assert incident.hits == [1]


def test_faults_add_up(incident: Incident) -> None:
    incident.load(Late(10), Doubled(), WrongContentType("text/html"))

    incident.snapshot()
    incident.advance(60)

    assert incident.moments == [12, 13]
    assert [each.headers["content-type"] for each in incident.arrivals] == ["text/html"] * 2
    fault = "callback-late, callback-doubled, callback-content-type"
    assert {fate[1] for fate in incident.fates} == {fault}


# Signatures: a callback of each vendor that signs, and how its receiver checks it.


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _recording(incident: Incident) -> None:
    room = incident.classroom
    room.call("SetOnlineRecordCallback", Callback=OWN)
    room.call("SetOnlineRecordCallbackKey", CallbackKey=SECRET)
    room.start()


def _of_tiw(arrival: Arrival, key: str) -> tuple[bool, int]:
    content = arrival.content
    expires_at = content["ExpireTime"]
    return content["Sign"] == _md5(f"{key}{expires_at}"), expires_at


def _push(incident: Incident) -> None:
    incident.live.notify(key=SECRET, StreamBeginNotifyUrl=OWN)
    incident.live.stage((0, None))


def _of_live(arrival: Arrival, key: str) -> tuple[bool, int]:
    content = arrival.content
    return content["sign"] == _md5(f"{key}{content['t']}"), content["t"]


def _job(incident: Incident) -> None:
    incident.customer.call(
        "SetEventCallback",
        CallbackType="HTTP",
        CallbackURL=OWN,
        EventTypeList="SnapshotComplete",
        AuthSwitch="on",
        AuthKey=SECRET,
    )
    incident.customer.submit()


def _of_ice(arrival: Arrival, key: str) -> tuple[bool, int]:
    timestamp = arrival.headers["X-ICE-TIMESTAMP"]
    return arrival.headers["X-ICE-SIGNATURE"] == _md5(f"{OWN}|{timestamp}|{key}"), int(timestamp)


def _room(incident: Incident) -> None:
    incident.room.call(
        "CreateCallback",
        version="2020-12-01",
        AppID=KEY["AppId"],
        URL=OWN,
        SecretKey=SECRET,
        EventList=["SnapshotRealTimeData"],
    )
    _room_of_one(incident)


def _of_rtc(arrival: Arrival, key: str) -> tuple[bool, int]:
    content = arrival.content
    signature = content.pop("Signature")
    text = "".join(sorted([*content.values(), key]))
    minute, second = content["EventTime"][14:16], content["EventTime"][17:19]
    hour = content["EventTime"][11:13]
    moment = int(hour) * 3600 + int(minute) * 60 + int(second)
    return signature == hashlib.sha256(text.encode()).hexdigest(), moment


VENDORS: dict[str, tuple[Callable[[Incident], None], Callable[[Arrival, str], Any]]] = {
    "tiw": (_recording, _of_tiw),
    "live": (_push, _of_live),
    "ice": (_job, _of_ice),
    "rtc": (_room, _of_rtc),
}


def told(vendor: str, *faults: Fault) -> tuple[Arrival, list[int]]:
    """Return a vendor's first callback under the faults, and the hits of these."""
    incident = Incident()
    incident.load(*faults, when=When(numbers=(1,)))
    VENDORS[vendor][0](incident)
    incident.advance(2)
    return incident.arrivals[0], incident.hits


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_bad_signature_is_no_signature_of_the_key(vendor: str) -> None:
    check = VENDORS[vendor][1]
    good, _ = told(vendor)

    bad, hits = told(vendor, BadSignature())

    assert check(good, SECRET)[0]
    assert check(bad, SECRET) == (False, check(good, SECRET)[1])
    assert hits == [1]


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_old_key_signs_what_the_new_one_does_not(vendor: str) -> None:
    check = VENDORS[vendor][1]

    old, hits = told(vendor, OldKey("before"))

    assert (check(old, "before")[0], check(old, SECRET)[0]) == (True, False)
    assert hits == [1]


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_expired_signature_is_right_for_a_moment_that_is_over(vendor: str) -> None:
    check = VENDORS[vendor][1]
    good, _ = told(vendor)

    expired, hits = told(vendor, ExpiredSignature(7200))

    assert check(expired, SECRET) == (True, check(good, SECRET)[1] - 7200)
    assert hits == [1]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_stray_callback_is_signed_rightly_and_names_a_task_that_nobody_made(vendor: str) -> None:
    check = VENDORS[vendor][1]
    good, _ = told(vendor)

    stray, hits = told(vendor, Stray())

    assert check(stray, SECRET)[0]
    names = [_task_named(vendor, arrival) for arrival in (good, stray)]
    assert names[0] != names[1]
    assert len(names[0]) == len(names[1])
    assert hits == [1]


def _task_named(vendor: str, arrival: Arrival) -> str:
    content = arrival.content
    match vendor:
        case "tiw":
            return str(content["EventData"]["TaskId"])
        case "live":
            return str(content["sequence"])
        case "ice":
            return str(content["MessageBody"]["JobId"])
    return str(json.loads(content["EventData"])["TaskId"])


@pytest.mark.parametrize("fault", [BadSignature(), OldKey(), ExpiredSignature()])
def test_a_callback_without_a_signature_is_not_struck_by_its_faults(
    incident: Incident, fault: Fault
) -> None:
    incident.load(fault)

    incident.snapshot()
    incident.advance(60)

    assert (incident.hits, incident.fates) == ([0], [("delivered", "", 1)])


# Retries.


def retried(vendor: str, *faults: Fault) -> tuple[list[float], list[Any], list[dict[str, Any]]]:
    """Return when a vendor's first callback is tried, each attempt checked, and what is shown."""
    incident = Incident()
    incident.status = 500
    incident.load(*faults, when=When(numbers=(1,)))
    VENDORS[vendor][0](incident)
    while not incident.arrivals:
        incident.advance(1)
    incident.ask("PUT", "/scene", {"streams": []})
    incident.advance(800)
    first = incident.callbacks[0]
    attempts = [
        Arrival(
            (datetime.fromisoformat(each["at"]) - START).total_seconds(),
            dict(sent.headers),
            each["body"].encode(),
        )
        for each, sent in zip(first["attempts"], _sent(incident, first["id"]), strict=True)
    ]
    checked = [VENDORS[vendor][1](arrival, SECRET) for arrival in attempts]
    return [each.after for each in attempts], checked, [each.content for each in attempts]


def _sent(incident: Incident, callback_id: str) -> list[Sent]:
    """Return what was sent of a callback; each vendor names its event in what it says."""
    deliveries = incident.emulator.agenda.namespace.state.callbacks.values()
    (wanted,) = (each for each in deliveries if each.callback.id == callback_id)
    bodies = {wanted.callback.body, *(each.body for each in wanted.attempts)}
    return [each for each in incident.emulator.transport.sent if each.body in bodies]


@pytest.mark.parametrize("vendor", ["tiw", "live", "ice"])
def test_each_attempt_is_signed_for_its_own_moment(vendor: str) -> None:
    moments, checked, _ = retried(vendor)

    assert len(moments) > 2
    assert all(is_right for is_right, _ in checked)
    since = [signed_for - checked[0][1] for _, signed_for in checked]
    assert since == [moment - moments[0] for moment in moments]


@pytest.mark.parametrize("vendor", ["tiw", "live", "ice"])
def test_a_late_callback_is_signed_for_the_moment_at_which_it_is_sent(vendor: str) -> None:
    check = VENDORS[vendor][1]
    good, _ = told(vendor)
    incident = Incident()
    incident.load(Late(7200), when=When(numbers=(1,)))
    VENDORS[vendor][0](incident)
    incident.advance(7205)

    late = max(incident.arrivals, key=lambda arrival: arrival.after)

    assert late.after == good.after + 7200
    assert check(late, SECRET) == (True, check(good, SECRET)[1] + 7200)


@pytest.mark.parametrize("vendor", ["tiw", "live"])
def test_what_is_signed_anew_tells_of_the_same_event(vendor: str) -> None:
    _, _, contents = retried(vendor)

    for content in contents:
        for name in ("ExpireTime", "Sign", "t", "sign"):
            content.pop(name, None)
    assert contents == [contents[0]] * len(contents)


def test_a_callback_whose_signature_does_not_expire_is_the_same_each_time() -> None:
    moments, checked, contents = retried("rtc")

    assert len(moments) == 3
    assert checked == [checked[0]] * 3
    assert contents == [contents[0]] * 3


@pytest.mark.parametrize("fault", [BadSignature(), OldKey("before"), ExpiredSignature(7200)])
@pytest.mark.parametrize("vendor", ["tiw", "live", "ice"])
def test_a_spoiled_signature_stays_so_on_every_attempt(vendor: str, fault: Fault) -> None:
    _, checked, _ = retried(vendor, fault)

    assert len(checked) > 2
    assert checked == [checked[0]] * len(checked)


def test_a_callback_whose_key_was_removed_meanwhile_keeps_its_signature() -> None:
    incident = Incident()
    incident.status = 500
    _recording(incident)
    incident.advance(2)
    incident.classroom.call("SetOnlineRecordCallbackKey", CallbackKey="")
    incident.advance(10)

    assert incident.moments == [2, 7, 12]
    assert len({arrival.body for arrival in incident.arrivals}) == 1


# Before the answer.


def _screenshot(incident: Incident) -> None:
    incident.live.publishes((0, None))
    incident.live.task()


def _room_of_one(incident: Incident) -> None:
    incident.room.publishes(("ann", 0, None))
    incident.room.start()


EARLY: dict[str, tuple[Callable[[Incident], object], list[str | int]]] = {
    "tiw snapshot": (lambda i: i.snapshot(), ["SnapshotFinished"]),
    "tiw recording": (lambda i: i.classroom.start(), ["OnlineRecordStarted"]),
    "tiw generation": (
        lambda i: i.classroom.call("CreateVideoGenerationTask", OnlineRecordTaskId="any"),
        ["OfflineRecordProgressChanged", "OfflineRecordFinished"],
    ),
    "live": (_screenshot, [200]),
    "ice": (lambda i: i.customer.submit(), ["SnapshotComplete"]),
    "rtc": (_room_of_one, ["SnapshotRealTimeData"]),
}


@pytest.mark.parametrize(("make", "events"), EARLY.values(), ids=EARLY)
def test_an_early_callback_is_there_before_the_answer(
    incident: Incident, make: Callable[[Incident], object], events: list[str | int]
) -> None:
    incident.load(Early())

    make(incident)

    contents = [arrival.content for arrival in incident.arrivals]
    assert [each.get("EventType", each.get("event_type")) for each in contents] == events
    assert set(incident.moments) == {0}
    assert incident.hits == [1]
    assert not incident.emulator.agenda.namespace.state.task_paces


def test_only_the_call_that_is_struck_is_early(incident: Incident) -> None:
    incident.load(Early(), when=When(every=2))

    first = incident.snapshot()
    second = incident.snapshot()
    early = [told_of(arrival) for arrival in incident.arrivals]
    incident.advance(2)

    assert early == [second]
    assert [told_of(arrival) for arrival in incident.arrivals] == [second, first]


def test_an_early_callback_is_there_before_the_answer_in_real_time() -> None:
    with receiving() as receiver:
        app = create_app(Settings(seed=1, callback_url=receiver.url))
        with app.emulation.agendas[DEFAULT].turn:
            app.emulation.agendas[DEFAULT].load_rules([Rule("early", Early())])
        with serving(app) as server:
            signer = Signer(host=server.endpoint, now=datetime.now(UTC))
            content = {"SdkAppId": 1400000001, "RoomId": 1, "Whiteboard": {"Width": 64}}

            answer = server.send(signer.tencent_v3("CreateSnapshotTask", "2019-09-19", content))

            (received,) = receiver.received
    assert received.content["EventData"]["TaskID"] == answer.content["Response"]["TaskID"]


# Results.


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [(ResultExpired(), 403, b"AccessDenied"), (ResultMissing(), 404, b"NoSuchKey")],
)
def test_a_result_is_over_or_gone_as_often_as_the_rule_says(
    incident: Incident, fault: ResultFault, status: int, code: bytes
) -> None:
    spoilt, whole = incident.snapshot(room_id=1), incident.snapshot(room_id=2)
    incident.advance(2)
    incident.load(fault, when=When(parameters={"RoomId": 1}, times=2))
    urls = [incident.shown(task_id)["Result"]["Snapshots"][0] for task_id in (spoilt, whole)]

    answers = [incident.classroom.fetch(url) for url in (urls[0], urls[1], urls[0], urls[0])]

    assert [answer.status for answer in answers] == [status, 200, status, 200]
    assert code in answers[0].body
    assert incident.hits == [2]


# Whose, and the same again.


def test_a_rule_knows_the_call_behind_a_callback(incident: Incident) -> None:
    incident.snapshot(room_id=1)
    incident.load(
        Lost(),
        when=When(
            vendor="tencent",
            product="tiw",
            action="CreateSnapshotTask",
            region="ap-singapore",
            event="SnapshotFinished",
            parameters={"RoomId": 1, "Whiteboard": {"Width": 64}},
        ),
    )

    incident.snapshot(room_id=2)
    incident.snapshot(room_id=1, region="ap-guangzhou")
    incident.advance(60)

    assert [fate[0] for fate in incident.fates] == ["lost", "delivered", "delivered"]
    assert incident.hits == [1]


def test_another_namespace_has_none_of_the_faults(incident: Incident) -> None:
    wanted = {"name": "other", "clock": "manual", "callback_url": OWN}
    made = incident.ask("POST", "/namespaces", wanted).content
    key = next(each for each in made["keys"] if each["vendor"] == "tencent")
    incident.load(Lost())

    incident.snapshot()
    task_id = incident.snapshot(key_id=key["id"], secret=key["secret"])
    incident.ask("POST", "/namespaces/other/clock/advance", {"seconds": 60})
    incident.advance(60)

    assert [told_of(arrival) for arrival in incident.arrivals] == [task_id]
    assert incident.hits == [1]


def run() -> list[tuple[float, Any, bytes]]:
    incident = Incident()
    incident.load(
        Doubled(), Late(3), Stray(), OldKey(), WrongContentType(), when=When(probability=0.5)
    )
    for vendor, _ in VENDORS.values():
        vendor(incident)
    for _ in range(5):
        incident.snapshot()
    incident.advance(30)
    return [(each.after, each.headers, each.body) for each in incident.arrivals]


def test_the_same_seed_gives_the_same_wrong_callbacks_to_the_byte() -> None:
    assert run() == run()
