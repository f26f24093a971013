"""The administration of journals: the calls that came, looked for and waited for."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from emulator.engine.agenda import Agenda
from emulator.engine.explanation import Cause, cause
from emulator.engine.faults import Faults
from emulator.engine.redaction import fit_to_show
from emulator.engine.search import Found, Miss, look
from emulator.engine.verdict import Verdict, verdict
from emulator.model.entry import Entry
from emulator.model.vendor import Vendor
from emulator.state.journal import Journal
from emulator.state.signals import Signal
from emulator.web import naming
from emulator.web.operation import Asked, Operation
from emulator.web.server import Server
from emulator.web.shapes.requests import Requests, RequestShown, RequestsQuery
from emulator.web.shapes.search import MissShown, NearRequest, RequestSearch, RequestsFound
from emulator.world.slices import slices

MAX_SHOWN = 100
# What tells an entry apart without reading its arguments again.
_FIELDS: Mapping[str, Callable[[Entry], str]] = {
    "vendor": lambda entry: entry.vendor,
    "verdict": lambda entry: "accepted" if entry.is_accepted else "refused",
    "code": lambda entry: entry.code,
    "request_id": lambda entry: entry.request_id,
    "access_key_id": lambda entry: entry.call.claim.access_key_id,
}
_READ = ("product", "action")


async def _list(agenda: Agenda, asked: Asked) -> Requests:
    await _require_names(asked.server, agenda.namespace.state.requests, asked.query, agenda.faults)
    return await _listed(asked.server, agenda.namespace.state.requests, asked.query)


async def _list_unverified(server: Server, asked: Asked) -> Requests:
    await _require_names(server, server.emulation.journal, asked.query)
    return await _listed(server, server.emulation.journal, asked.query)


async def _require_names(
    server: Server,
    journal: Journal,
    asked: RequestsQuery | RequestSearch,
    faults: Faults | None = None,
) -> None:
    vendors = server.emulation.vendors
    await naming.require_of_requests(asked, vendors, journal.after(0), faults)


async def _listed(server: Server, journal: Journal, query: RequestsQuery) -> Requests:
    entries = _with(journal.after(query.after), _named(query, tuple(_FIELDS)))
    wanted = _named(query, _READ)
    found: list[Entry] = []
    async for (entry,) in slices(reversed(entries), _AT_A_TIME):
        each = read(server, entry)
        if all(getattr(each, name) == value for name, value in wanted.items()):
            found.append(entry)
        if len(found) == query.limit:
            break
    return Requests(requests=await _every(server, reversed(found)))


async def _every(server: Server, entries: Iterable[Entry]) -> Sequence[RequestShown]:
    return [shown(server, entry) async for (entry,) in slices(entries, _AT_A_TIME)]


# An entry may have been a large call, whose arguments are read again.
_AT_A_TIME = 1


async def _search(agenda: Agenda, asked: Asked) -> RequestsFound:
    await _require_names(asked.server, agenda.namespace.state.requests, asked.body, agenda.faults)
    namespace = agenda.namespace
    return await _looked(asked.server, namespace.state.requests, namespace.news, asked.body)


async def _search_unverified(server: Server, asked: Asked) -> RequestsFound:
    await _require_names(server, server.emulation.journal, asked.body)
    emulation = server.emulation
    return await _looked(server, emulation.journal, emulation.news, asked.body)


async def _looked(
    server: Server, journal: Journal, news: Signal, search: RequestSearch
) -> RequestsFound:
    verdicts: dict[int, Verdict] = {}

    def told(entry: Entry) -> Mapping[str, Any]:
        if entry.number not in verdicts:
            verdicts[entry.number] = read(server, entry)
        return _told(verdicts[entry.number])

    wanted = _named(search, (*_FIELDS, *_READ))
    if search.parameters:
        wanted["parameters"] = search.parameters
    found = await look(
        _entries(journal, search.after),
        told,
        wanted,
        news,
        search.at_least,
        search.timeout_seconds,
    )
    return await _found(server, found)


def _entries(journal: Journal, after: int) -> Callable[[], Awaitable[Sequence[Entry]]]:
    async def entries() -> Sequence[Entry]:
        return journal.after(after)

    return entries


def _told(found: Verdict) -> Mapping[str, Any]:
    """Return the fields that are looked at."""
    return {
        "vendor": found.vendor,
        "product": found.product,
        "action": found.action,
        "verdict": "accepted" if found.is_accepted else "refused",
        "code": found.code,
        "request_id": found.request_id,
        "access_key_id": found.access_key_id,
        "parameters": found.parameters,
    }


def _named(asked: RequestsQuery | RequestSearch, names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(asked, name))}


def _with(entries: Sequence[Entry], wanted: Mapping[str, str]) -> Sequence[Entry]:
    return [e for e in entries if all(_FIELDS[name](e) == wanted[name] for name in wanted)]


async def _found(server: Server, found: Found[Entry]) -> RequestsFound:
    return RequestsFound(
        is_met=found.is_met,
        count=len(found.items),
        requests=await _every(server, found.items[-MAX_SHOWN:]),
        nearest=[
            NearRequest(
                request=shown(server, near.item),
                misses=missed(near.misses),
            )
            for near in found.nearest
        ],
    )


def missed(misses: Sequence[Miss]) -> list[MissShown]:
    return [MissShown(field=m.field, expected=m.expected, got=m.got) for m in misses]


def read(server: Server, entry: Entry) -> Verdict:
    return verdict(_vendor(server, entry), entry)


def shown(server: Server, entry: Entry) -> RequestShown:
    found, why = read(server, entry), Cause("", "", "")
    if entry.error:
        vendor = _vendor(server, entry)
        why = cause(server.emulation, vendor, entry.call, entry.error, entry.at)
        why = why._replace(sentence=fit_to_show(why.sentence, vendor, entry.call))
    return RequestShown(
        number=found.number,
        request_id=found.request_id,
        at=found.at,
        vendor=found.vendor,
        product=found.product,
        action=found.action,
        access_key_id=found.access_key_id,
        method=found.method,
        path=found.path,
        host=found.host,
        verdict="accepted" if found.is_accepted else "refused",
        code=found.code,
        message=found.message,
        check=why.check,
        why=why.sentence,
        status=found.status,
        milliseconds=round(found.seconds * 1000, 3),
        parameters=found.parameters,
        unread=found.unread,
        answer=found.answer,
        fault=found.fault,
    )


def _vendor(server: Server, entry: Entry) -> Vendor:
    return next(each for each in server.emulation.vendors if each.name == entry.vendor)


_UNKNOWN = {400: "a name that no spec and no call has"}

OPERATIONS = (
    Operation(
        method="GET",
        path="/requests",
        summary="Show the newest calls with their answers",
        answer=_list,
        query=RequestsQuery,
        returns=Requests,
        lasts=True,
        problems=_UNKNOWN,
    ),
    Operation(
        method="POST",
        path="/requests/search",
        summary="Look for calls, and wait until there are so many",
        answer=_search,
        body=RequestSearch,
        returns=RequestsFound,
        lasts=True,
        problems=_UNKNOWN,
    ),
)

SERVER_OPERATIONS = (
    Operation(
        method="GET",
        path="/unverified",
        summary="Show the newest calls that were refused before their signature was found right",
        answer=_list_unverified,
        query=RequestsQuery,
        returns=Requests,
        lasts=True,
        problems=_UNKNOWN,
    ),
    Operation(
        method="POST",
        path="/unverified/search",
        summary="Look for such calls, and wait until there are so many",
        answer=_search_unverified,
        body=RequestSearch,
        returns=RequestsFound,
        lasts=True,
        problems=_UNKNOWN,
    ),
)
