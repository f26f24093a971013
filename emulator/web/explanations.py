"""The administration of explanations: why a call was refused, whosesoever it was."""

from collections.abc import Iterator

from emulator.engine.explanation import explain
from emulator.model.entry import Entry
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.requests import shown
from emulator.web.server import Server
from emulator.web.shapes.requests import ExplanationShown, ViolationShown
from emulator.world.slices import slices

LATEST = "latest"


async def _explain(server: Server, asked: Asked) -> ExplanationShown:
    request_id = asked.path["request_id"]
    found = await _latest(server) if request_id == LATEST else await _with(server, request_id)
    if found is None:
        raise AdminError(
            404,
            "No such refusal",
            f"no call that was refused and is still in a journal has the request id {request_id!r}"
            if request_id != LATEST
            else "no call was refused yet",
        )
    assert found.error
    emulation = server.emulation
    vendor = next(each for each in emulation.vendors if each.name == found.vendor)
    explained = explain(emulation, vendor, found.call, found.error, found.at)
    return ExplanationShown(
        request=shown(server, found),
        check=explained.check,
        mistake=explained.mistake,
        sentence=explained.sentence,
        canonical_request=explained.canonical_request,
        string_to_sign=explained.string_to_sign,
        signature_sent=explained.signature_sent,
        source=explained.source,
        violations=[
            ViolationShown(
                path=broken.path,
                rule=broken.rule,
                limit=broken.limit,
                value=broken.value,
                source=broken.source,
                read_on=str(broken.read_on or ""),
                evidence=broken.evidence,
            )
            for broken in explained.violations
        ],
    )


def _refused(server: Server) -> Iterator[Iterator[Entry]]:
    """Yield the refused calls of each journal, the newest first."""
    emulation = server.emulation
    journals = [agenda.namespace.state.requests for agenda in emulation.agendas.values()]
    for journal in (emulation.journal, *journals):
        yield (entry for entry in reversed(journal.after(0)) if entry.error)


async def _latest(server: Server) -> Entry | None:
    newest: list[Entry] = []
    async for (entries,) in slices(_refused(server), 1):
        newest += [entry] if (entry := next(entries, None)) else []
    return max(newest, key=lambda entry: entry.ended, default=None)


async def _with(server: Server, request_id: str) -> Entry | None:
    async for (entries,) in slices(_refused(server), 1):
        if found := next((each for each in entries if each.request_id == request_id), None):
            return found
    return None


SERVER_OPERATIONS = (
    Operation(
        method="GET",
        path="/explanations/{request_id}",
        summary="Say why a call was refused; `latest` is the latest of any namespace",
        answer=_explain,
        returns=ExplanationShown,
        problems={404: "no such call was refused, or it is long ago"},
    ),
)
