"""The videos that come of a recording's footage: one per stream, one mixed, the whiteboard's."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from emulator.model.result import Format, Result
from emulator.model.task import Situation, Task
from emulator.vendors.tencent.actions.tiw.footage import Footage

# Types of videos: https://www.tencentcloud.com/document/product/1176/55214, read 2026-11-21.
_CAMERA, _SCREEN, _WHITEBOARD, _MIXED, _AUDIO = range(5)
# About as many as the videos of the printed example have.
_BYTES_PER_MS: Mapping[int, int] = {
    _CAMERA: 33,
    _SCREEN: 33,
    _WHITEBOARD: 13,
    _MIXED: 42,
    _AUDIO: 16,
}
# Assumed: the size and rate at which TRTC's web SDK publishes a small picture beside the large one.
_SMALL_SIDE, _SMALL_BYTES_PER_MS = 160, 12
# The bucket of the printed example; recordings are kept there for three days.
BUCKET = "online-recording-1259648581"
_BOARD_SIZE = (1280, 960)
# Sizes of the built-in layouts (mixed-stream guide of tencentyun/qcloud-documents).
_MODEL_SIZES: Mapping[int, tuple[int, int]] = {1: (1320, 1224), 2: (1624, 1000)}

OPTIONS = ("Whiteboard", "Concat", "MixStream", "RecordControl")
"""The settings that a generation task may make anew, each as a whole."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose footage it is: the room, its recording user, and how the task is set."""

    task_id: str
    room_id: int
    record_user_id: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Track:
    """One picture or sound through the recording; `stream_id` is what RecordControl matches.

    A track that `is_small` is of the small picture that is published beside the large one.
    """

    type: int
    user_id: str
    stream_id: str
    size: tuple[int, int]
    periods: Sequence[tuple[datetime, datetime]]
    is_small: bool = False


def effective(here: Mapping[str, Any], recording: Mapping[str, Any]) -> dict[str, Any]:
    """Return each setting as given here, else as given for the recording; never mixed of both.

    Whether there are sound files only the recording says.
    """
    given = ((name, here.get(name), recording.get(name)) for name in OPTIONS)
    settings = {name: own if own is not None else other or {} for name, own, other in given}
    return {**settings, "AudioFileNeeded": recording.get("AudioFileNeeded", False)}


def video_infos(
    footage: Footage, source: Source, url: Callable[[str], str]
) -> list[dict[str, object]]:
    """Return the VideoInfo of every file, in the order of the printed example.

    With Concat a track is one file; else each span without a pause has its own.
    """
    is_joined = (source.options.get("Concat") or {}).get("Enabled", False)
    found = []
    for track in _recorded(footage, source):
        periods = track.periods
        if is_joined and periods:
            periods = [(periods[0][0], periods[-1][1])]
        for number, (begin, end) in enumerate(periods):
            begins, ends = footage.offset_ms(begin), footage.offset_ms(end)
            if ends > begins:
                found.append(_info(track, number, begins, ends - begins, source, url))
    return found


def files(task: Task, situation: Situation) -> Sequence[Result]:
    """Return the files of a task's videos, which are promised and not made."""
    before = len(situation.result_url(""))
    return [
        Result(
            path=video["VideoUrl"][before:],
            format=Format.MP3 if video["VideoFormat"] == "mp3" else Format.MP4,
            content=None,
            made_at=situation.now,
            task=task.key,
        )
        for video in task.facts["videos"]
    ]


def _info(
    track: _Track,
    number: int,
    play_time: int,
    duration: int,
    source: Source,
    url: Callable[[str], str],
) -> dict[str, object]:
    name = f"{source.task_id} {track.type} {track.user_id} {number}"
    video_id = hashlib.sha256(name.encode()).hexdigest()[:32]
    kind = "mp3" if track.type == _AUDIO else "mp4"
    return {
        "VideoPlayTime": play_time,
        "VideoSize": duration * _bytes_per_ms(track),
        "VideoFormat": kind,
        "VideoDuration": duration,
        "VideoUrl": url(f"{BUCKET}/{source.task_id}/{video_id}.{kind}"),
        "VideoId": video_id,
        "VideoType": track.type,
        "UserId": track.user_id,
        "Width": track.size[0],
        "Height": track.size[1],
    }


def _recorded(footage: Footage, source: Source) -> Iterator[_Track]:
    """Yield the tracks that RecordControl leaves; the mixed one is not its business.

    With PullSmallVideo "only the small pictures are recorded" (mainland's text in tccli 3.1.189.1).
    Whether they are published the scene does not say: they are taken to be.
    """
    control = source.options.get("RecordControl") or {}
    streams = [
        _small(track) if _rules(control, track.stream_id).get("PullSmallVideo") else track
        for track in _streams(footage)
    ]
    for track in (*streams, *_mixed(footage, source), _whiteboard(footage, source)):
        rules = _rules(control, track.stream_id)
        if track.type == _MIXED or not rules.get("DisableRecord"):
            yield track
    if source.options.get("AudioFileNeeded"):
        for track in streams:
            rules = _rules(control, track.stream_id)
            if not (rules.get("DisableRecord") or rules.get("DisableAudio")):
                yield _Track(_AUDIO, track.user_id, track.stream_id, (0, 0), track.periods)


def _small(track: _Track) -> _Track:
    """Return the track in the proportions that it has, its longer side small."""
    longer = max(*track.size, _SMALL_SIDE)
    width, height = (round(side * _SMALL_SIDE / longer) for side in track.size)
    return replace(track, size=(width, height), is_small=True)


def _bytes_per_ms(track: _Track) -> int:
    return _SMALL_BYTES_PER_MS if track.is_small else _BYTES_PER_MS[track.type]


def _rules(control: Mapping[str, Any], stream_id: str) -> Mapping[str, Any]:
    """Return what holds for a stream: the entry whose StreamId begins its id, else the globals.

    Nothing holds unless the whole is enabled (mainland's text, read 2026-11-21).
    """
    if not control.get("Enabled"):
        return {}
    entries = control.get("StreamControls") or ()
    return next((e for e in entries if stream_id.startswith(e["StreamId"])), control)


def _streams(footage: Footage) -> Iterator[_Track]:
    """Yield cameras, then screens and other auxiliary streams."""
    names = dict.fromkeys((clip.stream.kind != 0, clip.stream.user) for clip in footage.clips)
    for is_screen, user in sorted(names, key=lambda name: name[0]):
        clips = [
            clip
            for clip in footage.clips
            if (clip.stream.kind != 0, clip.stream.user) == (is_screen, user)
        ]
        stream = clips[0].stream
        name = f"tic_substream_{user}" if is_screen else user
        yield _Track(
            type=_SCREEN if is_screen else _CAMERA,
            user_id=name,
            stream_id=name,
            size=(stream.width, stream.height),
            periods=[(clip.begins_at, clip.ends_at) for clip in clips],
        )


def _mixed(footage: Footage, source: Source) -> Iterator[_Track]:
    """Yield the mixed track; what the numbers of layout types stand for is not documented."""
    mix = source.options.get("MixStream") or {}
    if not mix.get("Enabled"):
        return
    if custom := mix.get("Custom"):
        canvas = custom["Canvas"]["LayoutParams"]
        layout, size = "custom", (canvas["Width"], canvas["Height"])
    else:
        layout, size = str(mix["ModelId"]), _MODEL_SIZES[mix["ModelId"]]
    name = f"tic_mixstream_{source.room_id}_{layout}"
    yield _Track(_MIXED, name, "", size, _periods(footage))


def _whiteboard(footage: Footage, source: Source) -> _Track:
    board = source.options.get("Whiteboard") or {}
    size = (board.get("Width") or _BOARD_SIZE[0], board.get("Height") or _BOARD_SIZE[1])
    return _Track(_WHITEBOARD, "", source.record_user_id, size, _periods(footage))


def _periods(footage: Footage) -> list[tuple[datetime, datetime]]:
    return [(span.begins_at, span.ends_at) for span in footage.spans if span.ends_at]
