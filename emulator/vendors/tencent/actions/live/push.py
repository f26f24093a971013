"""Pushes: each time that a stream is pushed, its events and the captures that a rule asks for."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from emulator.model.callback import Callback
from emulator.model.scene import Stream
from emulator.model.task import NOTHING, Appointment, Change, Cue, Situation, Task
from emulator.model.vendor import Course, Kind, Witness
from emulator.vendors.tencent import callback
from emulator.vendors.tencent.actions.live import capture, domain, ending, push_url, rule, stream

_KIND = "live.push"
_ON, _ENDED = "on", "ended"
_BEGUN = {"errcode": 0, "errmsg": "ok"}
# As many digits as `sequence` and, in the event of a picture, `task_id` have in the samples.
_NUMBERS = (10**18, 10**19 - 1)
# Of the ranges that the page gives for the two sites, and of the sample; which is not played.
_SET_IDS: Mapping[str, int] = {"mainland": 2, "intl": 7}
_DATA_CENTRE = 34
# Assumed: addresses for documentation (RFC 5737), of access point and client.
_NODE, _USER_IP = "192.0.2.1", "198.51.100.1"


def watch(place: str, situation: Situation) -> Change:
    """End the push that is over, and begin the one that is there and not known yet.

    A stream that goes on being sent while it is banned is pushed again when the ban ends, which
    is inferred.
    """
    names = stream.names_at(place)
    if names is None or not domain.is_there(names["DomainName"], situation):
        return NOTHING
    since = stream.pushed_since(names, situation)
    push = _under_way(names, situation)
    change = NOTHING
    if push and push.facts["since"] != since:
        errcode = push.facts["stream"].errcode
        change = _end(push, ending.BY_CLIENT if errcode is None else errcode, situation)
        push = None
    if since and not push:
        change = _both(change, _begin(names, since, situation))
    until = stream.banned_until(names["StreamName"], situation)
    if until and situation.scene.since(place, situation.now):
        change = change.but(cues=(Cue(until, place, situation.base_url),))
    return change


def stop(every: Iterable[Mapping[str, Any]], situation: Situation) -> Change:
    """End by request what is pushed of the streams named, seen to begin or not."""
    change = NOTHING
    for names in every:
        push = _under_way(names, situation)
        if push is None and (since := stream.pushed_since(names, situation)):
            push = _made(names, since, since, situation)
        if push:
            change = _both(change, _end(push, ending.BY_REQUEST, situation))
    return change


def proceed(task: Task, why: str, situation: Situation) -> Change:
    """Take a picture, and the next one after the interval, as long as the push goes on.

    It keeps the template that was bound when it began: "a binding, unbinding or template change
    only touches pushes that start later" (tencentyun/intlcloud-documents, read 2026-11-21).
    """
    if task.status != _ON or not stream.pushed_since(task.arguments, situation):
        return NOTHING
    values = task.facts["template"]
    taken = capture.take(task, values, task.facts["since"], situation)
    return taken.but(appointments=(_next(task, situation.now, values["SnapshotInterval"]),))


def _under_way(names: Mapping[str, Any], situation: Situation) -> Task | None:
    account_id, group = situation.account.id, stream.place(names)
    return next(iter(situation.tasks.in_group(_KIND, account_id, group)), None)


def _begin(names: Mapping[str, Any], since: datetime, situation: Situation) -> Change:
    values = rule.snapshot_template(names, situation)
    push = _made(names, since, situation.now, situation).become(_ON, template=values)
    return Change(
        tasks=(push,),
        callbacks=_told(push, callback.LIVE_PUSH_BEGUN, _BEGUN, situation),
        appointments=(_next(push, situation.now, 0),) if values else (),
    )


def _end(push: Task, errcode: int, situation: Situation) -> Change:
    """End a push; it no longer competes for its stream with the one that may come."""
    milliseconds = (situation.now - push.created_at) // timedelta(milliseconds=1)
    pushed: Stream = push.facts["stream"]
    fields = {
        "push_duration": str(milliseconds),
        "errcode": errcode,
        "errmsg": ending.text(errcode, situation.account.site),
        "width": pushed.width,
        "height": pushed.height,
    }
    return Change(
        tasks=(push.become(_ENDED).but(group=""),),
        callbacks=_told(push, callback.LIVE_PUSH_ENDED, fields, situation),
    )


def _made(
    names: Mapping[str, Any], since: datetime, began_at: datetime, situation: Situation
) -> Task:
    """Return a push of what the scene has published since then, noticed at `began_at`."""
    place = stream.place(names)
    return Task(
        kind=_KIND,
        id=str(situation.chance.between(*_NUMBERS)),
        account_id=situation.account.id,
        created_at=began_at,
        arguments={name: names[name] for name in ("DomainName", "AppName", "StreamName")},
        group=place,
        status=_ON,
        base_url=situation.base_url,
        facts={
            "since": since,
            "stream": situation.scene.streams(place, situation.now)[0],
        },
    )


def _next(push: Task, now: datetime, seconds: int) -> Appointment:
    return Appointment(now + timedelta(seconds=seconds), push.key, "picture")


def _told(
    push: Task,
    number: int,
    fields: Mapping[str, object],
    situation: Situation,
) -> tuple[Callback, ...]:
    """Tell of a push that began or ended; its size is not known yet when it begins."""
    setting = rule.callback_template(push.arguments, situation)
    url = setting.get(_URLS[number]) or situation.callback_url
    if not url:
        return ()
    names = push.arguments
    told = {
        "appid": callback.APP_ID,
        "app": names["DomainName"],
        "appname": names["AppName"],
        "stream_id": names["StreamName"],
        "channel_id": names["StreamName"],
        "stream_param": push_url.query(names, push.facts["stream"], push.facts["since"]),
        "event_time": int(situation.now.timestamp()),
        "sequence": push.id,
        "node": _NODE,
        "user_ip": _USER_IP,
        "set_id": _SET_IDS[situation.account.site],
        "idc_id": _DATA_CENTRE,
        "width": 0,
        "height": 0,
        **fields,
    }
    key = setting.get("CallbackKey") or ""
    return (callback.live_event(number, told, url, key, push, situation),)


def _both(first: Change, second: Change) -> Change:
    return Change(
        tasks=(*first.tasks, *second.tasks),
        callbacks=(*first.callbacks, *second.callbacks),
        appointments=(*first.appointments, *second.appointments),
    )


_URLS: Mapping[int, str] = {
    callback.LIVE_PUSH_BEGUN: "StreamBeginNotifyUrl",
    callback.LIVE_PUSH_ENDED: "StreamEndNotifyUrl",
}

COURSES: Mapping[str, Course] = {_KIND: proceed}

_TOLD = (*map(callback.live_event_name, _URLS), *capture.TOLD)

KINDS: Mapping[str, Kind] = {_KIND: Kind("live", "", rule.signing_key, _TOLD)}

WITNESSES: Mapping[str, Witness] = {"live": watch}
