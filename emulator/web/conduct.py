"""The administration of conduct: how the client of a namespace behaved."""

from collections.abc import Iterator

from emulator.engine.agenda import Agenda
from emulator.engine.conduct import NORMS, observe, reported
from emulator.engine.emulation import Emulation
from emulator.model.entry import Entry
from emulator.web.naming import require_one
from emulator.web.operation import Asked, Operation
from emulator.web.shapes.faults import Conduct, ConductQuery, FindingShown


async def _show(agenda: Agenda, asked: Asked) -> Conduct:
    """Show all findings, but those of the rules that `but` names, with commas between."""
    query: ConductQuery = asked.query
    but = [name for name in query.but.split(",") if name]
    for name in but:
        require_one("but", name, NORMS)
    unverified = tuple(_in_the_name_of(agenda, asked.server.emulation))
    return Conduct(
        findings=[
            FindingShown(
                rule=found.rule,
                severity=found.severity.value,
                sentence=found.sentence,
                evidence=found.evidence,
                advice=found.advice,
            )
            for found in await reported(await observe(agenda, unverified))
            if found.rule not in but
        ]
    )


def _in_the_name_of(agenda: Agenda, emulation: Emulation) -> Iterator[Entry]:
    """Yield the calls by a key of the namespace's, since it is there, that were not verified."""
    namespace = agenda.namespace
    for entry in emulation.journal.after(0):
        key = emulation.keys.get((entry.vendor, entry.call.claim.access_key_id))
        if key and key.namespace == namespace.name and entry.ended >= namespace.opened_at:
            yield entry


OPERATIONS = (
    Operation(
        method="GET",
        path="/conduct",
        summary="Show how the client behaved: what it retried, accepted and never asked for",
        answer=_show,
        query=ConductQuery,
        returns=Conduct,
        lasts=True,
        problems={400: "there is no such rule of conduct"},
    ),
)
