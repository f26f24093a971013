"""ICE's event callbacks: set, shown, sent, signed, and tried again."""

import hashlib
import json
from typing import Any

import pytest

from emulator.world.transport import Received
from tests.flows.ice import URL, Customer
from tests.server import InProcess

KEY = "Test123"
SETTING = {
    "CallbackType": "HTTP",
    "CallbackURL": URL,
    "EventTypeList": "ProduceMediaComplete,SnapshotComplete",
    "AuthSwitch": "on",
    "AuthKey": KEY,
}
INVALID, MISSING = "InvalidParameter", "MissingParameter"


@pytest.fixture
def customer(emulator: InProcess) -> Customer:
    return Customer(emulator)


def done(customer: Customer, **arguments: Any) -> str:
    """Submit a job, let it be done, and return its id."""
    job_id = customer.submit(**arguments)
    customer.emulator.advance(2)
    return job_id


def test_the_setting_is_shown_as_it_was_made(customer: Customer) -> None:
    made = customer.call("SetEventCallback", **SETTING)

    shown = customer.call("GetEventCallback")

    assert made["Success"] is True
    assert {name: shown[name] for name in SETTING} == SETTING
    assert shown.keys() == {"RequestId", *SETTING}


def test_nothing_is_shown_where_nothing_was_set(customer: Customer) -> None:
    assert customer.call("GetEventCallback").keys() == {"RequestId"}


def test_what_is_for_http_is_not_shown_of_a_queue(customer: Customer) -> None:
    queue = {"CallbackType": "MNS", "CallbackQueueName": "ice-callback-q", "EventTypeList": "A"}
    customer.call("SetEventCallback", **SETTING | queue)

    assert customer.call("GetEventCallback").keys() == {"RequestId", *queue}


def test_each_region_has_a_setting_of_its_own(customer: Customer) -> None:
    host = "ice.ap-southeast-1.aliyuncs.com"
    customer.send("SetEventCallback", host, **SETTING)

    here, there = customer.send("GetEventCallback"), customer.send("GetEventCallback", host)

    assert "CallbackURL" not in here.content
    assert there.content["CallbackURL"] == URL


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"CallbackType": "SMS"}, INVALID, "CallbackType"),
        ({"CallbackURL": None}, MISSING, "CallbackURL"),
        ({"CallbackURL": "http://127.0.0.1/" + "a" * 240}, INVALID, "CallbackURL"),
        ({"CallbackURL": "http://a/,http://b/"}, INVALID, "CallbackURL"),
        ({"CallbackURL": "ftp://127.0.0.1/"}, INVALID, "CallbackURL"),
        ({"CallbackType": "MNS"}, MISSING, "CallbackQueueName"),
        ({"CallbackQueueName": "callback-q"}, INVALID, "CallbackQueueName"),
        ({"EventTypeList": "A;B"}, INVALID, "EventTypeList"),
        ({"AuthSwitch": "yes"}, INVALID, "AuthSwitch"),
        ({"AuthKey": None}, MISSING, "AuthKey"),
        ({"AuthKey": "Aa1" * 11}, INVALID, "AuthKey"),
        ({"AuthKey": "test123"}, INVALID, "AuthKey"),
        ({"AuthKey": "TEST123"}, INVALID, "AuthKey"),
        ({"AuthKey": "TestTest"}, INVALID, "AuthKey"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    customer: Customer, changes: dict[str, Any], code: str, path: str
) -> None:
    setting = {name: v for name, v in {**SETTING, **changes}.items() if v is not None}

    status, refused_with, message = customer.refused("SetEventCallback", **setting)

    assert (status, refused_with) == (400, code)
    assert f'"{path}"' in message


def test_the_end_of_a_job_is_told_and_signed(customer: Customer) -> None:
    customer.call("SetEventCallback", **SETTING)
    job_id = done(
        customer,
        overrides={"Count": 8},
        UserData='{"k":"v"}',
        Input={"Type": "Media", "Media": "a1b2"},
    )

    (sent,) = customer.sent()

    # As a receiver would check it, by the words of the guide.
    headers = dict(sent.headers)
    text = "|".join([URL, headers["X-ICE-TIMESTAMP"], KEY])
    assert sent.url == URL
    assert headers["X-ICE-TIMESTAMP"] == str(int(customer.emulator.clock.now().timestamp()))
    assert headers["X-ICE-SIGNATURE"] == hashlib.md5(text.encode()).hexdigest()
    event = json.loads(sent.body)
    assert type(event.pop("UserId")) is int
    regular = "http://127.0.0.1:4588/_emulator/results/test-bucket/out-{Count}.jpg"
    assert event == {
        "EventType": "SnapshotComplete",
        "EventTime": "2026-01-02T03:04:07Z",
        "MessageBody": {
            "JobId": job_id,
            "Status": "Success",
            "SubType": "SpecifiedTime",
            "MediaId": "a1b2",
            "SnapshotInfos": [
                {
                    "JobId": job_id,
                    "Status": "Success",
                    "SnapshotType": "NormalSnapshot",
                    "SnapshotCount": 8,
                    "SnapshotFormat": "out-{Count}.jpg",
                    "SnapshotRegular": regular,
                }
            ],
            "UserData": '{"k":"v"}',
        },
    }
    assert customer.fetch(regular.replace("{Count}", "00008")).status == 200


def test_a_failure_is_told_with_its_code(customer: Customer) -> None:
    customer.call("SetEventCallback", **SETTING)
    layout = {"CellWidth": 4000, "CellHeight": 4000, "Columns": 100, "Lines": 100}
    overrides = {"Type": "Sprite", "SpriteSnapshotConfig": layout}
    done(customer, object_name="{TileCount}.jpg", overrides=overrides)

    body = customer.events()[0]["MessageBody"]

    assert body == {
        "JobId": body["JobId"],
        "Status": "Fail",
        "SubType": "SpecifiedTime",
        "ErrorCode": "InvalidParameter",
        "ErrorMessage": 'The specified parameter "SpriteSnapshotConfig" is not valid.',
    }


@pytest.mark.parametrize(
    ("object_name", "overrides", "pattern"),
    [
        ("covers/a-{Count}-b.jpg", {"Count": 3}, "a-{Count}-b.jpg"),
        ("covers/one.jpg", {"Count": 1}, "one.jpg"),
        ("{TileCount}.jpg", {"Type": "Sprite", "Count": 3}, "{TileCount}.jpg"),
        ("a/index.vtt", {"Type": "WebVtt", "Count": 3}, "index-{Count}.jpg"),
        (
            "a/index.vtt",
            {
                "Type": "WebVtt",
                "Count": 3,
                "IsSptFrag": True,
                "SpriteSnapshotConfig": {"Columns": 1, "Lines": 1},
            },
            "index-{TileCount}.jpg",
        ),
    ],
)
def test_the_format_of_a_name_is_that_of_the_files(
    customer: Customer, object_name: str, overrides: dict[str, Any], pattern: str
) -> None:
    customer.call("SetEventCallback", **SETTING)
    job_id = done(customer, object_name=object_name, overrides=overrides)

    (info,) = customer.events()[0]["MessageBody"]["SnapshotInfos"]

    assert info["SnapshotFormat"] == pattern
    urls = customer.call("GetSnapshotUrls", JobId=job_id)["SnapshotUrls"]
    names = [url.partition("?")[0].rpartition("/")[2] for url in urls]
    number = "{TileCount}" if "{TileCount}" in pattern else "{Count}"
    assert names[0] == pattern.replace(number, "00001")


def test_with_the_switch_off_nothing_is_signed(customer: Customer) -> None:
    customer.call("SetEventCallback", **SETTING | {"AuthSwitch": "off"})
    done(customer)

    (sent,) = customer.sent()

    assert not [name for name, _ in sent.headers if name.lower().startswith("x-ice")]


@pytest.mark.parametrize(
    "changes",
    [
        {"EventTypeList": "ProduceMediaComplete"},
        {"EventTypeList": "SnapshotCompleted"},
        {"CallbackType": "MNS", "CallbackQueueName": "ice-callback-q"},
    ],
)
def test_only_the_events_of_the_list_go_to_the_address(
    customer: Customer, changes: dict[str, str]
) -> None:
    customer.call("SetEventCallback", **SETTING | changes)
    done(customer)

    assert customer.sent() == []


def test_without_a_setting_events_go_to_the_default_address_if_there_is_one() -> None:
    default = Customer(InProcess(callback_url="http://127.0.0.1:9/default"))
    nowhere = Customer(InProcess())

    done(default)
    done(nowhere)

    assert [sent.url for sent in default.sent()] == ["http://127.0.0.1:9/default"]
    assert nowhere.sent() == []


@pytest.mark.parametrize("status", [0, 204, 302, 500])
def test_a_receiver_that_fails_is_tried_three_times_a_second_apart(status: int) -> None:
    emulator = InProcess(callback_url=URL)
    times: list[float] = []
    now = emulator.agenda.namespace.clock.now
    start = now()

    def answer(sent: object) -> Received:
        times.append((now() - start).total_seconds())
        return Received(status)

    emulator.transport.answer = answer
    Customer(emulator).submit()
    emulator.advance(60)

    assert times == [2, 3, 4]
    assert len({(sent.body, tuple(sent.headers)) for sent in emulator.transport.sent}) == 1


def test_the_account_number_is_the_accounts_where_it_is_one(tmp_path: Any) -> None:
    world = tmp_path / "world.toml"
    world.write_text('[[accounts]]\nvendor = "alibaba"\nid = "1833220977560000"\n')
    customer = Customer(InProcess(world, callback_url=URL))
    done(customer)

    assert customer.events()[0]["UserId"] == 1833220977560000
