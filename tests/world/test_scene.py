from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emulator.model.scene import Mark, Publication, Stream
from emulator.spec.document import DocumentError, Table
from emulator.state.state import State
from emulator.world.scene import StagedScene
from emulator.world.staging import stage
from tests.server import InProcess
from tests.state.turning import turn

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Scene(StagedScene):
    """A scene of a state of its own, in which each setting is a turn."""

    def __init__(self, seed: int = 1, imagines: bool = True) -> None:
        self.state = State()
        super().__init__(self.state, seed, imagines)

    def set_streams(self, place: str, publications: Sequence[Publication]) -> None:
        with turn(self.state):
            super().set_streams(place, publications)

    def set_marks(self, place: str, marks: Sequence[Mark]) -> None:
        with turn(self.state):
            super().set_marks(place, marks)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_stream_is_on_from_its_beginning_until_before_its_end() -> None:
    scene = Scene()
    scene.set_streams("room", [Publication(Stream("ann"), later(10), later(20))])

    on = [bool(scene.streams("room", later(second))) for second in (9, 10, 19, 20)]

    assert on == [False, True, True, False]


def test_a_place_nobody_set_is_imagined_the_same_way_for_the_same_seed() -> None:
    streams = [Scene(seed).streams("room", NOON) for seed in (1, 1, 2)]

    assert streams[0] == streams[1] != streams[2]
    assert 1 <= len(streams[0]) <= 3


def test_in_a_strict_world_nothing_happens_where_nothing_was_set() -> None:
    scene = Scene(1, imagines=False)

    assert not scene.streams("room", NOON)
    assert not scene.marks("room", NOON)


def test_marks_come_in_the_order_of_their_moments() -> None:
    scene = Scene()
    marks = [Mark("2", later(2), "2.9.0"), Mark("1", later(1), "2.9.0"), Mark("9", later(9), "1")]
    scene.set_marks("room", marks)

    assert [mark.page for mark in scene.marks("room", later(5))] == ["1", "2"]


def test_a_world_file_sets_the_scene(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_text("""
        [[streams]]
        place = "live/d/a/s"
        user = "camera"
        begins_at = 2026-01-02T12:00:00Z
        ends_at = 2026-01-02T13:00:00Z
        [[streams]]
        place = "rtc/app/empty"
        """)
    scene = InProcess(path).agenda.namespace.scene

    on = [len(scene.streams("live/d/a/s", later(second))) for second in (0, 3599, 3600)]

    assert on == [1, 1, 0]
    assert not scene.streams("rtc/app/empty", NOON)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (
            '[[streams]]\nplace = "live/d/a/s"\nbegins_at = 2030-01-01T00:00:00Z',
            "streams.0: 'begins_at' needs 'user', who publishes it; without it nobody does",
        ),
        (
            '[[streams]]\nplace = "live/d/a/s"\nkind = 0\nwidth = 640',
            "streams.0: 'width' needs 'user'",
        ),
        (
            '[[marks]]\nplace = "tiw/1/2"\nset_at = 2030-01-01T00:00:00Z',
            "marks.0: 'set_at' needs 'page', which it is set on; without it there is none",
        ),
    ],
)
def test_what_describes_nobodys_stream_is_refused(
    tmp_path: Path, entry: str, complaint: str
) -> None:
    path = tmp_path / "world.toml"
    path.write_text(entry)

    with pytest.raises(DocumentError, match=complaint):
        InProcess(path)


EVERY = (
    "rtc/<AppId>/<RoomId> or live/<DomainName>/<AppName>/<StreamName> or tiw/<SdkAppId>/<RoomId>"
)
NOWHERE = [
    ("streams", "xyz/abc", EVERY),
    ("streams", "live/push.example.com/live", EVERY),
    ("streams", "live/push.example.com/live/", EVERY),
    ("streams", "live/push.example.com/live/a/b", EVERY),
    ("streams", "rtc/app", EVERY),
    ("streams", "rtc//room", EVERY),
    ("streams", "tiw/1400000001/room", EVERY),
    ("streams", "", EVERY),
    ("marks", "rtc/app/room", "tiw/<SdkAppId>/<RoomId>"),
    ("marks", "live/push.example.com/live/class", "tiw/<SdkAppId>/<RoomId>"),
]


@pytest.mark.parametrize(("key", "place", "shapes"), NOWHERE)
def test_a_place_of_no_known_shape_is_refused_with_those_there_are(
    key: str, place: str, shapes: str
) -> None:
    scene = Scene(1, imagines=False)
    good = {"place": "tiw/1/2", "user": "ann"}

    with pytest.raises(DocumentError) as caught:
        stage(scene, Table("body", {"streams": [good], key: [{"place": place}]}), NOON)

    assert str(caught.value) == f"body: {key}.0: 'place' must be like {shapes}, not {place!r}"
    assert not scene.state.streams


def test_a_stream_that_ends_before_it_begins_is_refused() -> None:
    stream = {"place": "rtc/app/room", "user": "ann", "begins_at": later(10), "ends_at": later(9)}

    with pytest.raises(DocumentError) as caught:
        stage(Scene(), Table("world.toml", {"streams": [stream]}), NOON)

    assert str(caught.value) == (
        "world.toml: streams.0: 'ends_at' must not be before 'begins_at': "
        "2026-01-02T12:00:09+00:00 is before 2026-01-02T12:00:10+00:00"
    )


def test_a_stream_that_was_cut_as_soon_as_it_began_can_be_set_again() -> None:
    scene = Scene()
    stream = {"place": "rtc/app/room", "user": "ann", "begins_at": NOON, "ends_at": NOON}

    stage(scene, Table("body", {"streams": [stream]}), NOON)

    assert not scene.streams("rtc/app/room", NOON)


def test_who_is_interrupted_is_there_again_and_others_begin_as_they_would() -> None:
    scene = Scene()
    scene.set_streams(
        "room",
        [
            Publication(Stream("ann"), NOON),
            Publication(Stream("ben"), NOON, later(15)),
            Publication(Stream("eve"), later(12)),
        ],
    )

    with turn(scene.state):
        scene.interrupt("room", later(10), 10)

    on = [
        {stream.user for stream in scene.streams("room", later(second))}
        for second in (9, 10, 12, 19, 20)
    ]
    assert on == [{"ann", "ben"}, set(), {"eve"}, {"eve"}, {"ann", "eve"}]


def test_one_user_leaves_a_place_that_is_imagined() -> None:
    scene = Scene()
    everyone = scene.streams("rtc/app/room", NOON)

    with turn(scene.state):
        scene.cut("rtc/app/room", NOON, everyone[0].user)

    assert list(scene.streams("rtc/app/room", NOON)) == list(everyone[1:])
