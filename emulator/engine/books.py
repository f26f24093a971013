"""The books: each call is counted, and told on the log."""

import logging

from emulator.engine import message
from emulator.engine.emulation import Emulation
from emulator.engine.explanation import remark
from emulator.engine.redaction import fit_to_show
from emulator.model.call import redacted
from emulator.model.entry import Entry
from emulator.model.told import CallTold
from emulator.model.vendor import Vendor

log = logging.getLogger("emulator.calls")
_LONGEST, _LONGEST_NAME = 2000, 100


def enter(emulation: Emulation, entry: Entry) -> None:
    action = entry.call.action
    code = entry.error.code if entry.error else ""
    fault = ", ".join(entry.words) if entry.struck else ""
    emulation.tally.call((entry.vendor, action.product, action.name, code, fault), entry.seconds)
    if entry.error is None and log.isEnabledFor(logging.INFO):
        log.info(_told(entry, action.name))


def tell(emulation: Emulation, vendor: Vendor, entry: Entry) -> None:
    """Tell on the log in one line what was refused and why, without any secret."""
    call, error = entry.call, entry.error
    if error is None or not log.isEnabledFor(logging.INFO):
        return
    said = message.shown(vendor, call, error, entry.request_id, _LONGEST)
    sentence = fit_to_show(remark(emulation, vendor, call, error).sentence, vendor, call)
    why = redacted(said, call.claim)
    if sentence:
        why += f" ({redacted(sentence, call.claim)})"
    log.info(_told(entry, call.claim.action[:_LONGEST_NAME], why))


def _told(entry: Entry, action: str, why: str = "") -> CallTold:
    call = entry.call
    return CallTold(
        entry.vendor,
        action,
        entry.response.status,
        entry.code,
        entry.seconds * 1000,
        call.key.namespace if call.is_verified else "",
        entry.request_id,
        why,
        entry.fault,
    )
