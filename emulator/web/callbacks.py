"""The administration of a namespace's callbacks: what was sent, and every attempt."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulator.engine.agenda import Agenda
from emulator.engine.search import look
from emulator.model.callback import Attempt, Delivery
from emulator.spec import jsontext
from emulator.spec.password import without_passwords
from emulator.web import naming
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.requests import missed
from emulator.web.shapes.callbacks import AttemptShown, Callbacks, CallbackShown, CallbacksQuery
from emulator.web.shapes.search import CallbackSearch, CallbacksFound, NearCallback
from emulator.world.slices import slices


async def _list(agenda: Agenda, asked: Asked) -> Callbacks:
    """List the newest callbacks that fit the filter, the oldest of them first."""
    query: CallbacksQuery = asked.query
    every = agenda.namespace.state.callbacks.values()
    await naming.require_of_callbacks(query, asked.server.emulation.vendors, every)
    found: list[Delivery] = []
    async for part in slices(reversed(every)):
        found.extend(each for each in part if _fits(each, query))
        if len(found) >= query.limit:
            break
    callbacks: list[CallbackShown] = []
    async for part in slices(found[: query.limit][::-1]):
        callbacks.extend(map(_shown, part))
    return Callbacks(callbacks=callbacks)


def _fits(delivery: Delivery, query: CallbacksQuery) -> bool:
    callback = delivery.callback
    return (
        delivery.number > query.after
        and query.vendor in ("", callback.vendor)
        and query.event in ("", callback.event)
        and query.task in ("", callback.task_id)
        and query.state in ("", delivery.state)
    )


async def _show(agenda: Agenda, asked: Asked) -> CallbackShown:
    return _shown(_named(agenda, asked))


async def _resend(agenda: Agenda, asked: Asked) -> CallbackShown:
    """Try once more now, and answer when it was tried."""
    await agenda.dispatch.resend(_named(agenda, asked).callback.id)
    return _shown(_named(agenda, asked))


def _named(agenda: Agenda, asked: Asked) -> Delivery:
    found = agenda.namespace.state.callbacks.get(asked.path["id"])
    if found is None:
        raise AdminError(404, "No such callback", f"{asked.path['id']!r} is no callback's id")
    return found


def shown(deliveries: Iterable[Delivery]) -> list[CallbackShown]:
    return [_shown(delivery) for delivery in deliveries]


def _shown(delivery: Delivery) -> CallbackShown:
    callback = delivery.callback
    return CallbackShown(
        number=delivery.number,
        id=callback.id,
        vendor=callback.vendor,
        event=callback.event,
        task=callback.task_id,
        url=without_passwords(callback.url),
        headers=dict(callback.headers),
        body=callback.body.decode("utf-8", "replace"),
        content=_content(callback.body),
        state=delivery.state,
        created_at=callback.created_at,
        attempts=[_attempt(attempt, callback.body) for attempt in delivery.attempts],
        fault=delivery.fault,
    )


def _attempt(attempt: Attempt, body: bytes) -> AttemptShown:
    request, *headers = attempt.head.rstrip().split("\r\n")
    return AttemptShown(
        number=attempt.number,
        at=attempt.at,
        status=attempt.status,
        problem=attempt.problem,
        milliseconds=round(attempt.seconds * 1000, 3),
        address=attempt.address,
        request=request,
        headers=[(name, value) for name, _, value in (each.partition(": ") for each in headers)],
        body=(body if attempt.body is None else attempt.body).decode("utf-8", "replace"),
        answer=attempt.answer.decode("utf-8", "replace"),
    )


def _content(body: bytes) -> object:
    try:
        return jsontext.decode(body)
    except ValueError:
        return None


async def _search(agenda: Agenda, asked: Asked) -> CallbacksFound:
    search: CallbackSearch = asked.body
    namespace = agenda.namespace
    vendors = asked.server.emulation.vendors
    every = namespace.state.callbacks.values()
    await naming.require_of_callbacks(search, vendors, every)
    contents: dict[str, object] = {}

    async def deliveries() -> Sequence[Delivery]:
        every = namespace.state.callbacks.values()
        if not search.after:
            return every
        found: list[Delivery] = []
        async for part in slices(every, 1000):
            found.extend(each for each in part if each.number > search.after)
        return found

    def told(delivery: Delivery) -> Mapping[str, Any]:
        callback = delivery.callback
        if callback.id not in contents:
            contents[callback.id] = _content(callback.body)
        return {
            "id": callback.id,
            "vendor": callback.vendor,
            "event": callback.event,
            "task": callback.task_id,
            "url": without_passwords(callback.url),
            "state": delivery.state,
            "content": contents[callback.id],
        }

    wanted: dict[str, Any] = {n: value for n in _FIELDS if (value := getattr(search, n))}
    if search.url:
        wanted["url"] = without_passwords(search.url)
    found = await look(
        deliveries, told, wanted, namespace.news, search.at_least, search.timeout_seconds
    )
    return CallbacksFound(
        is_met=found.is_met,
        count=len(found.items),
        callbacks=shown(found.items[-_MAX_SHOWN:]),
        nearest=[
            NearCallback(callback=_shown(near.item), misses=missed(near.misses))
            for near in found.nearest
        ],
    )


_FIELDS = ("id", "vendor", "event", "task", "url", "state", "content")
_MAX_SHOWN = 100


_NO_CALLBACK = {404: "there is no such callback"}
_UNKNOWN = {400: "a vendor or an event that there is not"}

OPERATIONS = (
    Operation(
        method="POST",
        path="/callbacks/search",
        summary="Look for callbacks, and wait until there are so many",
        answer=_search,
        body=CallbackSearch,
        returns=CallbacksFound,
        lasts=True,
        problems=_UNKNOWN,
    ),
    Operation(
        method="GET",
        path="/callbacks",
        summary="Show the newest callbacks, with what was sent and every attempt",
        answer=_list,
        query=CallbacksQuery,
        returns=Callbacks,
        lasts=True,
        problems=_UNKNOWN,
    ),
    Operation(
        method="GET",
        path="/callbacks/{id}",
        summary="Show one callback",
        answer=_show,
        returns=CallbackShown,
        problems=_NO_CALLBACK,
    ),
    Operation(
        method="POST",
        path="/callbacks/{id}/resend",
        summary="Send a callback once more, now, whatever came of it",
        answer=_resend,
        returns=CallbackShown,
        problems=_NO_CALLBACK,
        lasts=True,
    ),
)
