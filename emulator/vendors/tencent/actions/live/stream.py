"""Live streams: whether they are pushed, who is cut off, and who is banned."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.resource import Resource, ResourceKey
from emulator.model.task import Change, Outcome, Situation
from emulator.model.vendor import Handler
from emulator.vendors.tencent.actions.live.page import page

_BAN = "live.ban"
# "The default stream disabling period is seven days. A stream can be disabled for up to 90 days."
_BAN_TIME = timedelta(days=7)
_MAX_BAN_TIME = timedelta(days=90)
_UTC = "%Y-%m-%dT%H:%M:%SZ"
_NAMES = ("DomainName", "AppName", "StreamName")


async def pushed_since(names: Mapping[str, Any], situation: Situation) -> datetime | None:
    """Return when the push that is under way began; None where there is none, or a ban."""
    if await _is_banned(names["StreamName"], situation):
        return None
    return situation.scene.since(place(names), situation.now)


def place(names: Mapping[str, Any]) -> str:
    """Return where the scene has the stream."""
    return "live/" + "/".join(names[name] for name in _NAMES)


async def describe_live_stream_state(call: Call, situation: Situation) -> Outcome:
    """Tell of a stream; one that nobody has heard of is inactive, which is inferred."""
    if await _is_banned(call.arguments["StreamName"], situation):
        return Outcome({"StreamState": "forbid"})
    is_on = situation.scene.streams(place(call.arguments), situation.now)
    return Outcome({"StreamState": "active" if is_on else "inactive"})


async def describe_live_stream_online_list(call: Call, situation: Situation) -> Outcome:
    """List the active streams that the scene was given, and the one that is named in full."""
    arguments = call.arguments
    wanted = {name: arguments[name] for name in _NAMES if arguments.get(name)}
    places = set(situation.scene.places("live/"))
    if len(wanted) == len(_NAMES):
        places.add(place(wanted))
    found = []
    for each in sorted(places):
        names = dict(zip(_NAMES, each.split("/", 3)[1:], strict=False))
        if len(names) == len(_NAMES) and wanted.items() <= names.items():
            since = await pushed_since(names, situation)
            found += [_online(names, since)] if since else []
    number, size = arguments.get("PageNum") or 1, arguments.get("PageSize") or 10
    shown = {
        "TotalNum": len(found),
        "TotalPage": -(-len(found) // size),
        "PageNum": number,
        "PageSize": size,
        "OnlineInfo": page(found, number, size),
    }
    return Outcome(shown)


async def drop_live_stream(call: Call, situation: Situation) -> Outcome:
    """Cut the push; with none under way that is a success too, as documented."""
    return Outcome({}, Change(cut=(place(call.arguments),)))


async def forbid_live_stream(call: Call, situation: Situation) -> Outcome:
    """Ban a stream by its name alone, whatever the domain and path, as documented."""
    now, arguments = situation.now, call.arguments
    text = arguments.get("ResumeTime")
    until = _moment(text) if text else now + _BAN_TIME
    if until is None or not now < until <= now + _MAX_BAN_TIME:
        raise ApiError("InvalidParameterValue", "value", path="ResumeTime", value=text)
    ban = Resource(
        kind=_BAN,
        account_id=situation.account.id,
        id=arguments["StreamName"],
        created_at=now,
        modified_at=now,
        values={"until": until, "reason": arguments.get("Reason") or ""},
    )
    return Outcome({}, Change(resources=(ban,)))


async def resume_live_stream(call: Call, situation: Situation) -> Outcome:
    """Lift a ban; a stream without one answers alike, which is inferred."""
    key = ResourceKey(_BAN, situation.account.id, call.arguments["StreamName"])
    return Outcome({}, Change(removed=(key,)))


async def _is_banned(name: str, situation: Situation) -> bool:
    ban = await situation.resources.resource(_BAN, situation.account.id, name)
    return ban is not None and situation.now < ban.values["until"]


def _online(names: Mapping[str, str], since: datetime) -> dict[str, object]:
    return {**names, "PublishTimeList": [{"PublishTime": f"{since:{_UTC}}"}]}


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _UTC).replace(tzinfo=UTC)
    except ValueError:
        return None


HANDLERS: Mapping[str, Handler] = {
    "DescribeLiveStreamState": describe_live_stream_state,
    "DescribeLiveStreamOnlineList": describe_live_stream_online_list,
    "DropLiveStream": drop_live_stream,
    "ForbidLiveStream": forbid_live_stream,
    "ResumeLiveStream": resume_live_stream,
}
