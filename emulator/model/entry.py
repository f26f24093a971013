"""A journal entry: one call with its answer, as they were."""

from datetime import datetime

from emulator.model.call import Call
from emulator.model.error import Refused
from emulator.model.fault import WORDS, Fault
from emulator.model.http import Response
from emulator.spec.value import Value


class Entry(Value):
    """Nothing in it is redacted; what is shown of it is a verdict.

    `error` is what the call was refused with, None where it was accepted, and `code` and `message`
    are the vendor's then. `number` rises by one within a journal, from 1; `ended` is real time, in
    seconds since 1970, whatever the namespace's clock says. `fault` names the rules that struck the
    call, and `struck` are their faults; `response` is what the vendor answered then, even if the
    client never saw it. `is_cut` says that the call was large, and what it sent is not kept.
    """

    number: int
    at: datetime
    seconds: float
    ended: float
    vendor: str
    call: Call
    response: Response
    request_id: str
    error: Refused | None = None
    code: str = ""
    message: str = ""
    fault: str = ""
    struck: tuple[Fault, ...] = ()
    is_cut: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Return what scenario files call the faults that struck, in their order."""
        return tuple(WORDS[type(fault)] for fault in self.struck)

    @property
    def is_accepted(self) -> bool:
        """Whether it took effect, whatever became of the answer."""
        return not self.code and self.response.status == _OK


_OK = 200
