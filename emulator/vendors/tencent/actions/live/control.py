"""Control of live streams: who is cut off, and who is banned."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from emulator.model.call import Call
from emulator.model.resource import Resource, ResourceKey
from emulator.model.task import Change, Cue, Outcome, Situation
from emulator.model.vendor import Handler
from emulator.vendors.tencent.actions.live import push, stream

# "The default stream disabling period is seven days."
_BAN_TIME = timedelta(days=7)


def drop_live_stream(call: Call, situation: Situation) -> Outcome:
    """Cut the push; with none under way that is a success too, as documented."""
    stopped = push.stop((call.arguments,), situation)
    return Outcome({}, stopped.but(cut=(stream.place(call.arguments),)))


def forbid_live_stream(call: Call, situation: Situation) -> Outcome:
    """Ban a stream by its name alone, whatever the domain and path, as documented."""
    now, arguments = situation.now, call.arguments
    text = arguments.get("ResumeTime")
    until = datetime.fromisoformat(text) if text else now + _BAN_TIME
    ban = Resource(
        kind=stream.BAN,
        account_id=situation.account.id,
        id=arguments["StreamName"],
        created_at=now,
        modified_at=now,
        values={"until": until, "reason": arguments.get("Reason") or ""},
    )
    banned = _of_one_name(arguments, situation)
    stopped = push.stop(banned, situation)
    return Outcome({}, stopped.but(resources=(ban,), cues=_cues(banned, until, situation)))


def resume_live_stream(call: Call, situation: Situation) -> Outcome:
    """Lift a ban; a stream without one answers alike, which is inferred."""
    names, account_id = call.arguments, situation.account.id
    ban = situation.resources.resource(stream.BAN, account_id, names["StreamName"])
    if ban is None:
        return Outcome({})
    key = ResourceKey(stream.BAN, account_id, names["StreamName"])
    freed = _cues(_of_one_name(names, situation), situation.now, situation)
    return Outcome({}, Change(removed=(key,), cues=freed))


def _of_one_name(names: Mapping[str, Any], situation: Situation) -> Sequence[Mapping[str, Any]]:
    """Return the stream that is named, and those of that name that the scene was given."""
    places = {stream.place(names): names}
    for place in stream.places(situation):
        found = stream.names_at(place)
        if found and found["StreamName"] == names["StreamName"]:
            places[place] = found
    return tuple(places.values())


def _cues(
    every: Sequence[Mapping[str, Any]], due_at: datetime, situation: Situation
) -> Sequence[Cue]:
    return [Cue(due_at, stream.place(names), situation.base_url) for names in every]


HANDLERS: Mapping[str, Handler] = {
    "DropLiveStream": drop_live_stream,
    "ForbidLiveStream": forbid_live_stream,
    "ResumeLiveStream": resume_live_stream,
}
