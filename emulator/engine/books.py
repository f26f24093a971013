"""The books: each call is written into a journal, counted, and where refused told on the log."""

import logging

from emulator.engine import message
from emulator.engine.emulation import Emulation
from emulator.engine.explanation import remark
from emulator.engine.redaction import fit_to_show
from emulator.model.call import redacted
from emulator.model.entry import Entry
from emulator.model.vendor import Vendor
from emulator.world.journal import Journal

log = logging.getLogger("emulator.calls")
_LONGEST = 2000


def enter(emulation: Emulation, journal: Journal, entry: Entry) -> None:
    action = entry.call.action
    code = entry.error.code if entry.error else ""
    journal.write(entry)
    fault = ", ".join(entry.words) if entry.struck else ""
    emulation.tally.call((entry.vendor, action.product, action.name, code, fault), entry.seconds)
    if entry.fault and not (entry.error and entry.error.rule):
        log.info("%s: %s was struck by %s", entry.vendor, action.name, entry.fault)


def tell(emulation: Emulation, vendor: Vendor, entry: Entry) -> None:
    """Tell on the log in one line what was refused and why, without any secret."""
    call, error = entry.call, entry.error
    if error is None or not log.isEnabledFor(logging.INFO):
        return
    said = message.shown(vendor, call, error, entry.request_id, _LONGEST)
    sentence = fit_to_show(remark(emulation, vendor, call, error).sentence, vendor, call)
    log.info(
        "%s: %s refused: %s %s%s",
        vendor.name,
        call.claim.action or "a call without an action",
        entry.code,
        redacted(said, call.claim),
        f" ({redacted(sentence, call.claim)})" if sentence else "",
    )
