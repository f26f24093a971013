"""What a recording saw: the spans it ran for, and in each the streams that were on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from emulator.model.scene import Stream


@dataclass(frozen=True, slots=True)
class Span:
    """A time without a pause; `ends_at` is None while it lasts."""

    begins_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """What was seen of one stream within a span, with how often it was interrupted."""

    stream: Stream
    begins_at: datetime
    ends_at: datetime
    interruptions: int = 0


@dataclass(frozen=True, slots=True)
class Footage:
    """The spans and clips so far, the oldest first; `looked_at` is when streams were seen last."""

    spans: tuple[Span, ...] = ()
    clips: tuple[Clip, ...] = ()
    looked_at: datetime | None = None

    def resumed(self, now: datetime) -> "Footage":
        """Begin a span."""
        return replace(self, spans=(*self.spans, Span(now)), looked_at=now)

    def paused(self, now: datetime) -> "Footage":
        """End the span."""
        return replace(self, spans=(*self.spans[:-1], replace(self.spans[-1], ends_at=now)))

    def watched(self, streams: Sequence[Stream], now: datetime) -> "Footage":
        """Go on with the clips of the streams that are on now, or begin them."""
        since = self.spans[-1].begins_at
        clips = list(self.clips)
        for stream in streams:
            index = _index(clips, stream, since)
            if index is None:
                clips.append(Clip(stream, now, now))
                continue
            clip = clips[index]
            was_off = self.looked_at is not None and clip.ends_at < self.looked_at
            clips[index] = replace(clip, ends_at=now, interruptions=clip.interruptions + was_off)
        return replace(self, clips=tuple(clips), looked_at=now)

    def offset_ms(self, moment: datetime) -> int:
        """Return how much had been recorded by the moment; pauses do not count.

        The printed example's TotalTime is shorter than from its start to its stop.
        """
        whole = timedelta()
        for span in self.spans:
            end = min(span.ends_at or moment, moment)
            whole += max(end - span.begins_at, timedelta())
        return whole // timedelta(milliseconds=1)

    def omitted(self) -> list[dict[str, int]]:
        """Return the pauses as OmittedDurations: an offset, and two moments in milliseconds."""
        return [
            {
                "VideoTime": self.offset_ms(before.ends_at),
                "PauseTime": _milliseconds(before.ends_at),
                "ResumeTime": _milliseconds(after.begins_at),
            }
            for before, after in pairwise(self.spans)
            if before.ends_at
        ]

    def interrupts(self) -> list[dict[str, object]]:
        """Return the users whose streams went away and came back, with how often they did."""
        counts: dict[str, int] = {}
        for clip in self.clips:
            user = clip.stream.user
            counts[user] = counts.get(user, 0) + clip.interruptions
        return [{"UserId": user, "Count": count} for user, count in counts.items() if count]


def _index(clips: Sequence[Clip], stream: Stream, since: datetime) -> int | None:
    """Return which clip of the present span is the stream's."""
    name = (stream.user, stream.kind)
    return next(
        (
            index
            for index, clip in enumerate(clips)
            if clip.begins_at >= since and (clip.stream.user, clip.stream.kind) == name
        ),
        None,
    )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
