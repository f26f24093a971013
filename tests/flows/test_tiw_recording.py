"""Real-time recordings from start to videos, in manual time."""

import hashlib
from typing import Any

import pytest

from emulator.model.scene import Stream
from tests.flows.tiw import APPLICATION, RECORDER, ROOM, Classroom

MINUTE = 60
HOUR = 60 * MINUTE
STOPPED_ALREADY = "UnsupportedOperation.TaskHasAlreadyStopped"
WRONG_STATUS = "UnsupportedOperation.InvalidTaskStatus"


@pytest.fixture
def room() -> Classroom:
    room = Classroom()
    room.publishes(("ann", 0, None))
    return room


def test_a_recording_is_started_paused_resumed_stopped_and_told(room: Classroom) -> None:
    seen = []
    task_id = room.start()
    seen.append(room.status(task_id))
    for seconds, action in ((2, "Pause"), (10, "Resume"), (10, "Stop")):
        room.advance(seconds)
        seen.append(room.status(task_id))
        assert room.code(f"{action}OnlineRecord", TaskId=task_id) == ""
        seen.append(room.status(task_id))
    room.advance(2)
    seen.append(room.status(task_id))

    assert seen == [
        "PREPARED",
        "RECORDING",
        "PAUSED",
        "PAUSED",
        "RECORDING",
        "RECORDING",
        "STOPPED",
        "FINISHED",
    ]
    assert room.told() == [
        "OnlineRecordStarted",
        "OnlineRecordStopped",
        "OnlineRecordFinished",
    ]


def test_a_query_shows_what_the_last_event_tells(room: Classroom) -> None:
    task_id = room.start()
    room.advance(62)
    room.call("StopOnlineRecord", TaskId=task_id)
    room.advance(2)

    shown = room.recording(task_id)

    told = room.events()[-1]["EventData"]
    assert {name: shown[name] for name in told} == told
    assert {name: told[name] for name in told if name != "VideoInfos"} == {
        "TaskId": task_id,
        "RoomId": ROOM,
        "GroupId": str(ROOM),
        "RecordUserId": RECORDER,
        "FinishReason": "USER_CALL",
        "RecordStartTime": shown["RecordStartTime"],
        "RecordStopTime": shown["RecordStartTime"] + 60,
        "TotalTime": 60_000,
        "ExceptionCnt": 0,
        "OmittedDurations": [],
    }
    assert set(shown) - set(told) == {"Status", "ReplayUrl", "Interrupts", "RequestId"}
    assert (shown["ReplayUrl"], shown["Interrupts"]) == (None, [])


def test_a_running_recording_has_no_end_yet(room: Classroom) -> None:
    task_id = room.start()
    prepared = room.recording(task_id)
    room.advance(12)

    running = room.recording(task_id)

    names = ("RecordStartTime", "RecordStopTime", "TotalTime", "FinishReason", "VideoInfos")
    assert [prepared[name] for name in names] == [0, 0, 0, "", []]
    assert [running[name] for name in names[1:]] == [0, 10_000, "", []]


# The states of a recording, each with what brings it about.
STATES = {
    "PREPARED": (),
    "RECORDING": (2,),
    "PAUSED": (2, "Pause"),
    "RESUMED": (2, "Pause", 1, "Resume"),
    "STOPPED": (2, "Stop"),
    "FINISHED": (2, "Stop", 2),
}
TRANSITIONS = [
    ("PREPARED", "Pause", WRONG_STATUS),
    ("PREPARED", "Resume", WRONG_STATUS),
    ("PREPARED", "Stop", "STOPPED"),
    ("RECORDING", "Pause", "PAUSED"),
    ("RECORDING", "Resume", WRONG_STATUS),
    ("RECORDING", "Stop", "STOPPED"),
    ("PAUSED", "Pause", WRONG_STATUS),
    ("PAUSED", "Resume", "RECORDING"),
    ("PAUSED", "Stop", "STOPPED"),
    ("RESUMED", "Pause", "PAUSED"),
    ("RESUMED", "Resume", WRONG_STATUS),
    ("RESUMED", "Stop", "STOPPED"),
    *[
        (s, a, STOPPED_ALREADY)
        for s in ("STOPPED", "FINISHED")
        for a in ("Pause", "Resume", "Stop")
    ],
]


def bring(room: Classroom, task_id: str, *steps: int | str) -> None:
    for step in steps:
        if isinstance(step, int):
            room.advance(step)
        else:
            room.call(f"{step}OnlineRecord", TaskId=task_id)


@pytest.mark.parametrize(("state", "action", "expected"), TRANSITIONS)
def test_each_command_in_each_state_changes_it_or_is_refused(
    room: Classroom, state: str, action: str, expected: str
) -> None:
    task_id = room.start()
    bring(room, task_id, *STATES[state])

    code = room.code(f"{action}OnlineRecord", TaskId=task_id)

    assert (code or room.status(task_id)) == expected


@pytest.mark.parametrize("action", ["Pause", "Resume", "Stop", "Describe"])
@pytest.mark.parametrize("wrong", [{"TaskId": "unknown"}, {"SdkAppId": 2}])
def test_an_unknown_task_is_not_found(room: Classroom, action: str, wrong: dict[str, Any]) -> None:
    arguments = {"TaskId": room.start(), **wrong}

    code = room.code(f"{action}OnlineRecord", **arguments)

    assert code == "InvalidParameter.TaskNotFound"


def test_a_recording_stopped_before_it_began_has_nothing(room: Classroom) -> None:
    task_id = room.start()
    room.call("StopOnlineRecord", TaskId=task_id)
    room.advance(10)

    shown = room.recording(task_id)

    assert (shown["Status"], shown["RecordStartTime"], shown["TotalTime"]) == ("FINISHED", 0, 0)
    assert shown["VideoInfos"] == []
    assert room.told() == ["OnlineRecordStopped", "OnlineRecordFinished"]


# Contention.


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({"RoomId": 1204}, "ResourceInUse.RecordUserId"),
        ({}, "ResourceInUse.RecordUserId"),
        ({"RecordUserId": "tic_record_user_1203_2"}, "LimitExceeded.TaskConcurrency"),
        ({"RecordUserId": "tic_record_user_1204_2", "RoomId": 1204}, ""),
        ({"SdkAppId": 2}, ""),
    ],
)
def test_a_user_records_once_at_a_time_and_so_does_a_room(
    room: Classroom, second: dict[str, Any], code: str
) -> None:
    first = {"RoomId": ROOM, "RecordUserId": RECORDER, "RecordUserSig": "sig"}
    room.start()

    assert room.code("StartOnlineRecord", **{**first, **second}) == code


def test_a_stopped_recording_makes_room_for_the_next(room: Classroom) -> None:
    room.call("StopOnlineRecord", TaskId=room.start())

    assert room.start()


def test_an_application_has_a_hundred_recordings_at_a_time(room: Classroom) -> None:
    for number in range(100):
        room.start(RoomId=2000 + number, RecordUserId=f"tic_record_user_{2000 + number}_1")
        if number % 15 == 14:
            room.advance(1)

    code = room.code(
        "StartOnlineRecord", RoomId=3, RecordUserId="tic_record_user_3_1", RecordUserSig="sig"
    )

    assert code == "LimitExceeded.TaskConcurrency"


# Ends that nobody called for.


@pytest.mark.parametrize(("arguments", "timeout"), [({}, 300), ({"AutoStopTimeout": 407}, 407)])
def test_a_recording_stops_when_nobody_has_published_for_its_timeout(
    room: Classroom, arguments: dict[str, int], timeout: int
) -> None:
    room.publishes(("ann", 0, 32))
    task_id = room.start(**arguments)
    room.advance(32 + timeout - 1)
    before = room.status(task_id)
    room.advance(3)

    after = room.recording(task_id)

    assert before == "RECORDING"
    assert (after["Status"], after["FinishReason"]) == ("FINISHED", "AUTO")
    assert after["RecordStopTime"] - after["RecordStartTime"] == 30 + timeout


def test_a_stream_that_comes_back_keeps_a_recording_running(room: Classroom) -> None:
    room.publishes(("ann", 0, 20), ("ann", 310, None))
    task_id = room.start()
    room.advance(700)

    shown = room.recording(task_id)

    assert shown["Status"] == "RECORDING"
    assert shown["Interrupts"] == [{"UserId": "ann", "Count": 1}]


def test_a_pause_is_no_excuse_for_an_empty_room(room: Classroom) -> None:
    room.publishes(("ann", 0, 12))
    task_id = room.start()
    bring(room, task_id, 8, "Pause", 307)

    shown = room.recording(task_id)

    assert (shown["Status"], shown["FinishReason"]) == ("FINISHED", "AUTO")
    assert shown["TotalTime"] == 6_000


def test_a_pause_of_ninety_minutes_is_warned_of_and_then_ends_the_recording(
    room: Classroom,
) -> None:
    task_id = room.start()
    bring(room, task_id, 12, "Pause")
    room.advance(90 * MINUTE - 1)
    before = (room.status(task_id), room.told()[1:])
    room.advance(3)

    after = room.recording(task_id)

    assert before == ("PAUSED", ["OnlineRecordLongPauseWarning"])
    assert (after["Status"], after["FinishReason"]) == ("FINISHED", "FORCE_STOP")
    assert after["TotalTime"] == 10_000
    assert room.told()[2:] == [
        "OnlineRecordLongPauseForceStopped",
        "OnlineRecordStopped",
        "OnlineRecordFinished",
    ]
    warning, force = (event["EventData"] for event in room.events()[1:3])
    paused_at = after["RecordStartTime"] + 10
    identity = {"TaskId": task_id, "RoomId": ROOM, "RecordUserId": RECORDER}
    stopped_at = paused_at + 90 * MINUTE
    assert warning == {**identity, "PauseTime": paused_at, "EstimateStopTime": stopped_at}
    assert room.events()[1]["Timestamp"] == paused_at + 80 * MINUTE
    assert force == {**identity, "PauseTime": paused_at, "StopTime": stopped_at}


def test_only_the_present_pause_counts(room: Classroom) -> None:
    task_id = room.start()
    bring(room, task_id, 2, "Pause", 50 * MINUTE, "Resume", 1, "Pause", 60 * MINUTE)

    assert room.status(task_id) == "PAUSED"
    assert room.told() == ["OnlineRecordStarted"]


def test_a_recording_ends_after_twenty_four_hours(room: Classroom) -> None:
    task_id = room.start()
    room.advance(2 + 24 * HOUR - 1)
    before = room.status(task_id)
    room.advance(3)

    after = room.recording(task_id)

    assert before == "RECORDING"
    assert (after["Status"], after["FinishReason"]) == ("FINISHED", "FORCE_STOP")
    assert after["TotalTime"] == 24 * HOUR * 1000


@pytest.mark.parametrize("user", ["someone", "tic_record_user_9_1", f"tic_record_user_{ROOM}_"])
def test_a_malformed_recording_user_is_accepted_and_fails_later(room: Classroom, user: str) -> None:
    task_id = room.start(RecordUserId=user)
    before = room.status(task_id)
    room.advance(2)

    after = room.recording(task_id)

    # The moment is 2026-01-02 03:04:07 UTC.
    text = "code: 40001, msg: 2026-01-02 11:04:07, invalid userid\n"
    error = {"Code": "FailedOperation.Record", "Message": text}
    data = room.events()[0]["EventData"]
    assert before == "PREPARED"
    assert after["Error"] == error
    assert room.told() == ["OnlineRecordFinished"]
    assert data == {
        "Error": error,
        "ExceptionCnt": 0,
        "FinishReason": "EXCEPTION",
        "GroupId": str(ROOM),
        "OmittedDurations": [],
        "RecordStartTime": 0,
        "RecordStopTime": room.events()[0]["Timestamp"],
        "RecordUserId": user,
        "RoomId": ROOM,
        "TaskId": task_id,
        "TotalTime": 0,
        "VideoInfos": [],
    }
    assert room.code("StopOnlineRecord", TaskId=task_id) == STOPPED_ALREADY


# Refusals of parameters.


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"RoomId": 1}, "InvalidParameter.RecordParameter"),
        ({"RoomId": 2}, ""),
        ({"RoomId": 4294967294}, ""),
        ({"RoomId": 4294967295}, "InvalidParameter.RecordParameter"),
        ({"RecordUserId": "é" * 30}, ""),
        ({"RecordUserId": "é" * 30 + "x"}, "InvalidParameter.RecordParameter"),
        ({"AutoStopTimeout": 299}, "InvalidParameter.RecordParameter"),
        ({"AutoStopTimeout": 86400}, ""),
        ({"AutoStopTimeout": 86401}, "InvalidParameter.RecordParameter"),
        ({"RecordMode": "OTHER"}, "InvalidParameter.RecordParameter"),
        ({"Extras": ["MixStream"]}, "InvalidParameter.InvalidExtra"),
        ({"Extras": []}, ""),
        ({"MixStream": {"Enabled": True, "ModelId": 1}}, "InvalidParameter.RecordParameter"),
        (
            {"MixStream": {"Enabled": True, "ModelId": 1}, "Extras": []},
            "InvalidParameter.RecordParameter",
        ),
        (
            {"MixStream": {"Enabled": True}, "Extras": ["MIX_STREAM"]},
            "InvalidParameter.RecordParameter",
        ),
        ({"MixStream": {"Enabled": True, "ModelId": 2}, "Extras": ["MIX_STREAM"]}, ""),
        ({"Whiteboard": {"InitParam": "{"}}, "InvalidParameter.BodyParameterTypeUnmatched"),
        ({"Whiteboard": {"Width": 1}}, "InvalidParameter.RecordParameter"),
        ({"RecordUserSig": None}, "MissingParameter"),
        ({"TRTCRoomId": 5}, "UnknownParameter"),
    ],
)
def test_what_a_recording_may_not_be_started_with(
    room: Classroom, arguments: dict[str, Any], code: str
) -> None:
    given = {"RoomId": ROOM, "RecordUserId": RECORDER, "RecordUserSig": "sig", **arguments}

    assert room.code("StartOnlineRecord", **given) == code


# Videos.


def recorded(room: Classroom, *steps: int | str, **arguments: Any) -> list[dict[str, Any]]:
    """Return the videos of a recording that was stopped after some steps."""
    task_id = room.start(**arguments)
    bring(room, task_id, 2, *steps, "Stop", 2)
    videos: list[dict[str, Any]] = room.recording(task_id)["VideoInfos"]
    return videos


def kinds(videos: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(video["VideoType"], video["UserId"]) for video in videos]


def test_each_stream_and_the_whiteboard_have_a_video(room: Classroom) -> None:
    room.shows(Stream("ann", 0, 640, 360), Stream("ben"), Stream("ann", 1, 1920, 1080))

    videos = recorded(room, 30, Whiteboard={"Width": 1024})

    assert [(v["VideoType"], v["UserId"], v["Width"], v["Height"]) for v in videos] == [
        (0, "ann", 640, 360),
        (0, "ben", 1280, 720),
        (1, "tic_substream_ann", 1920, 1080),
        (2, "", 1024, 960),
    ]
    assert {(v["VideoPlayTime"], v["VideoDuration"], v["VideoFormat"]) for v in videos} == {
        (0, 30_000, "mp4")
    }
    for video in videos:
        assert len(video["VideoId"]) == 32
        assert video["VideoUrl"].endswith(f"/{video['VideoId']}.mp4")
        assert video["VideoSize"] > 0
    assert len({video["VideoId"] for video in videos}) == 4


def test_a_pause_splits_each_stream_in_two(room: Classroom) -> None:
    videos = recorded(room, 900, "Pause", 600, "Resume", 300)

    assert [(v["VideoType"], v["VideoPlayTime"], v["VideoDuration"]) for v in videos] == [
        (0, 0, 900_000),
        (0, 900_000, 300_000),
        (2, 0, 900_000),
        (2, 900_000, 300_000),
    ]


def test_concat_joins_the_clips_and_tells_what_is_left_out(room: Classroom) -> None:
    task_id = room.start(Concat={"Enabled": True})
    bring(room, task_id, 2, 900, "Pause", 600, "Resume", 300, "Stop", 2)

    shown = room.recording(task_id)

    began_at = shown["RecordStartTime"] * 1000
    assert [(v["VideoType"], v["VideoDuration"]) for v in shown["VideoInfos"]] == [
        (0, 1_200_000),
        (2, 1_200_000),
    ]
    assert shown["OmittedDurations"] == [
        {
            "VideoTime": 900_000,
            "PauseTime": began_at + 900_000,
            "ResumeTime": began_at + 1_500_000,
        }
    ]


def test_someone_who_comes_later_has_a_video_that_begins_later(room: Classroom) -> None:
    room.publishes(("ann", 0, None), ("ben", 22, None))

    videos = recorded(room, 60)

    ben = next(video for video in videos if video["UserId"] == "ben")
    assert (ben["VideoPlayTime"], ben["VideoDuration"]) == (20_000, 40_000)


CUSTOM = {
    "Canvas": {"LayoutParams": {"Width": 800, "Height": 600}},
    "InputStreamList": [{"LayoutParams": {"Width": 80, "Height": 60}}],
}


@pytest.mark.parametrize(
    ("mix", "name", "size"),
    [
        ({"ModelId": 1}, "1", (1320, 1224)),
        ({"ModelId": 2}, "2", (1624, 1000)),
        ({"ModelId": 2, "Custom": CUSTOM}, "custom", (800, 600)),
    ],
)
def test_mixing_adds_a_video_of_its_layouts_size(
    room: Classroom, mix: dict[str, Any], name: str, size: tuple[int, int]
) -> None:
    videos = recorded(room, 30, MixStream={"Enabled": True, **mix}, Extras=["MIX_STREAM"])

    mixed = next(video for video in videos if video["VideoType"] == 3)
    assert mixed["UserId"] == f"tic_mixstream_{ROOM}_{name}"
    assert (mixed["Width"], mixed["Height"]) == size
    assert len(videos) == 3


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ({"Enabled": False, "DisableRecord": True}, [(0, "ann"), (0, "ben"), (2, "")]),
        ({"Enabled": True}, [(0, "ann"), (0, "ben"), (2, "")]),
        ({"Enabled": True, "DisableRecord": True}, []),
        (
            {
                "Enabled": True,
                "DisableRecord": True,
                "StreamControls": [{"StreamId": "be"}, {"StreamId": "tic_record_user"}],
            },
            [(0, "ben"), (2, "")],
        ),
        (
            {"Enabled": True, "StreamControls": [{"StreamId": "ann", "DisableRecord": True}]},
            [(0, "ben"), (2, "")],
        ),
    ],
)
def test_record_control_decides_which_streams_are_recorded(
    room: Classroom, control: dict[str, Any], expected: list[tuple[int, str]]
) -> None:
    room.shows(Stream("ann"), Stream("ben"))

    assert kinds(recorded(room, 30, RecordControl=control)) == expected


def small(only: str = "", **control: Any) -> dict[str, Any]:
    """Return a RecordControl that asks for small pictures, of one stream or of all."""
    if not only:
        return {"Enabled": True, "PullSmallVideo": True, **control}
    entry = {"StreamId": only, "PullSmallVideo": True}
    return {"Enabled": True, "StreamControls": [entry], **control}


@pytest.mark.parametrize(
    ("control", "sizes"),
    [
        ({"Enabled": True}, [(1280, 720), (1280, 720)]),
        (small(), [(160, 90), (160, 90)]),
        (small("ben"), [(1280, 720), (160, 90)]),
        (
            small(StreamControls=[{"StreamId": "ann", "PullSmallVideo": False}]),
            [(1280, 720), (160, 90)],
        ),
        (small(Enabled=False), [(1280, 720), (1280, 720)]),
    ],
    ids=["large", "all small", "one small", "one large", "nothing of it"],
)
def test_only_small_videos_are_recorded_where_they_are_asked_for(
    room: Classroom, control: dict[str, Any], sizes: list[tuple[int, int]]
) -> None:
    room.publishes(("ann", 0, None), ("ben", 0, None))
    videos = recorded(room, 30, RecordControl=control)

    cameras = [video for video in videos if video["VideoType"] == 0]
    assert [(video["Width"], video["Height"]) for video in cameras] == sizes
    rates = [video["VideoSize"] // video["VideoDuration"] for video in cameras]
    assert rates == [12 if size == (160, 90) else 33 for size in sizes]
    (board,) = [video for video in videos if video["VideoType"] == 2]
    assert (board["Width"], board["Height"]) == (1280, 960)


def test_sound_files_come_beside_the_videos_where_they_are_asked_for(room: Classroom) -> None:
    room.shows(Stream("ann"), Stream("ben"))
    mute = {"Enabled": True, "StreamControls": [{"StreamId": "ben", "DisableAudio": True}]}

    videos = recorded(room, 30, AudioFileNeeded=True, RecordControl=mute)

    assert kinds(videos) == [(0, "ann"), (0, "ben"), (2, ""), (4, "ann")]
    assert videos[-1]["VideoFormat"] == "mp3"


def test_the_mode_for_generation_has_a_replay_in_the_place_of_videos(room: Classroom) -> None:
    task_id = room.start(RecordMode="VIDEO_GENERATION_MODE")
    bring(room, task_id, 2, 30, "Stop", 2)

    shown = room.recording(task_id)

    assert shown["VideoInfos"] == []
    assert shown["ReplayUrl"].startswith("http://")


# Callback settings and signatures.


def test_every_event_is_signed_with_the_recordings_key(room: Classroom) -> None:
    room.call("SetOnlineRecordCallback", Callback="http://127.0.0.1:9/own")
    room.call("SetOnlineRecordCallbackKey", CallbackKey="6vg9G7Fd")
    task_id = room.start()
    bring(room, task_id, 12, "Stop", 2)

    for event in room.events():
        text = f"6vg9G7Fd{event['ExpireTime']}".encode()
        assert event["Sign"] == hashlib.md5(text).hexdigest()
        assert event["ExpireTime"] == event["Timestamp"] + 600
        assert event["SdkAppId"] == APPLICATION
    assert [sent.url for sent in room.emulator.transport.sent] == ["http://127.0.0.1:9/own"] * 3


def test_without_a_key_nothing_is_signed(room: Classroom) -> None:
    room.start()
    room.advance(2)

    assert set(room.events()[0]) == {"EventType", "SdkAppId", "Timestamp", "EventData"}


def test_nobody_is_told_where_no_url_is_set() -> None:
    room = Classroom(callback_url="")
    room.start()
    room.advance(2)

    assert room.events() == []
