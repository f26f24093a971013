"""Live streams: whether they are pushed, and since when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from emulator.model.call import Call
from emulator.model.scene import Stream
from emulator.model.task import Outcome, Situation
from emulator.model.vendor import Handler
from emulator.vendors.tencent.actions.live.page import page

BAN = "live.ban"
UTC_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_NAMES = ("DomainName", "AppName", "StreamName")
_PREFIX = "live/"


def pushed_since(names: Mapping[str, Any], situation: Situation) -> datetime | None:
    """Return when the push that is under way began; None where there is none, or a ban."""
    return _since(names, situation, None)


def wanted_since(arguments: Mapping[str, Any], situation: Situation) -> datetime | None:
    """Return when the stream that a task is about began, which its `StreamType` says."""
    return _since(arguments, situation, _kind(arguments))


def pictured(arguments: Mapping[str, Any], situation: Situation) -> Stream:
    """Return the stream that is on; of several that of the task's type."""
    streams = situation.scene.streams(place(arguments), situation.now)
    return next((each for each in streams if each.kind == _kind(arguments)), streams[0])


def _since(names: Mapping[str, Any], situation: Situation, kind: int | None) -> datetime | None:
    if banned_until(names["StreamName"], situation):
        return None
    return situation.scene.since(place(names), situation.now, kind)


def _kind(arguments: Mapping[str, Any]) -> int:
    """Return 0 for the live stream of a name, 1 for the mixed one; so the scene numbers kinds."""
    return arguments.get("StreamType") or 0


def banned_until(name: str, situation: Situation) -> datetime | None:
    """Return when the ban of now on a stream ends; None where there is none."""
    ban = situation.resources.resource(BAN, situation.account.id, name)
    if ban is None or ban.values["until"] <= situation.now:
        return None
    until: datetime = ban.values["until"]
    return until


def place(names: Mapping[str, Any]) -> str:
    """Return where the scene has the stream."""
    return _PREFIX + "/".join(names[name] for name in _NAMES)


def names_at(place: str) -> Mapping[str, str] | None:
    """Return domain, path and name of the stream at a place; None where it is no stream's."""
    parts = dict(zip(_NAMES, place.removeprefix(_PREFIX).split("/", 2), strict=False))
    return parts if len(parts) == len(_NAMES) else None


def places(situation: Situation) -> Sequence[str]:
    """Return the places of streams that the scene was given."""
    return situation.scene.places(_PREFIX)


def describe_live_stream_state(call: Call, situation: Situation) -> Outcome:
    """Tell of a stream; one that nobody has heard of is inactive, which is inferred."""
    if banned_until(call.arguments["StreamName"], situation):
        return Outcome({"StreamState": "forbid"})
    is_on = situation.scene.streams(place(call.arguments), situation.now)
    return Outcome({"StreamState": "active" if is_on else "inactive"})


def describe_live_stream_online_list(call: Call, situation: Situation) -> Outcome:
    """List the active streams that the scene was given, and the one that is named in full."""
    arguments = call.arguments
    wanted = {name: arguments[name] for name in _NAMES if arguments.get(name)}
    known = set(places(situation))
    if len(wanted) == len(_NAMES):
        known.add(place(wanted))
    found = []
    for each in sorted(known):
        named = names_at(each)
        if named and wanted.items() <= named.items():
            since = pushed_since(named, situation)
            found += [_online(named, since)] if since else []
    number, size = arguments.get("PageNum") or 1, arguments.get("PageSize") or 10
    shown = {
        "TotalNum": len(found),
        "TotalPage": -(-len(found) // size),
        "PageNum": number,
        "PageSize": size,
        "OnlineInfo": page(found, number, size),
    }
    return Outcome(shown)


def _online(named: Mapping[str, str], since: datetime) -> dict[str, object]:
    return {**named, "PublishTimeList": [{"PublishTime": f"{since:{UTC_FORMAT}}"}]}


HANDLERS: Mapping[str, Handler] = {
    "DescribeLiveStreamState": describe_live_stream_state,
    "DescribeLiveStreamOnlineList": describe_live_stream_online_list,
}
