from datetime import UTC, datetime, timedelta
from pathlib import Path

from emulator.model.scene import Mark, Stream
from emulator.world.scene import Publication, StagedScene
from tests.server import InProcess

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_stream_is_on_from_its_beginning_until_before_its_end() -> None:
    scene = StagedScene(1)
    scene.set_streams("room", [Publication(Stream("ann"), later(10), later(20))])

    on = [bool(scene.streams("room", later(second))) for second in (9, 10, 19, 20)]

    assert on == [False, True, True, False]


def test_a_place_nobody_set_is_imagined_the_same_way_for_the_same_seed() -> None:
    streams = [StagedScene(seed).streams("room", NOON) for seed in (1, 1, 2)]

    assert streams[0] == streams[1] != streams[2]
    assert 1 <= len(streams[0]) <= 3


def test_in_a_strict_world_nothing_happens_where_nothing_was_set() -> None:
    scene = StagedScene(1, imagines=False)

    assert not scene.streams("room", NOON)
    assert not scene.marks("room", NOON)


def test_marks_come_in_the_order_of_their_moments() -> None:
    scene = StagedScene(1)
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


def test_who_is_interrupted_is_there_again_and_others_begin_as_they_would() -> None:
    scene = StagedScene(1)
    scene.set_streams(
        "room",
        [
            Publication(Stream("ann"), NOON),
            Publication(Stream("ben"), NOON, later(15)),
            Publication(Stream("eve"), later(12)),
        ],
    )

    scene.interrupt("room", later(10), 10)

    on = [
        {stream.user for stream in scene.streams("room", later(second))}
        for second in (9, 10, 12, 19, 20)
    ]
    assert on == [{"ann", "ben"}, set(), {"eve"}, {"eve"}, {"ann", "eve"}]


def test_one_user_leaves_a_place_that_is_imagined() -> None:
    scene = StagedScene(1)
    everyone = scene.streams("rtc/app/room", NOON)

    scene.cut("rtc/app/room", NOON, everyone[0].user)

    assert list(scene.streams("rtc/app/room", NOON)) == list(everyone[1:])
