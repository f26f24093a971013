"""One request, from the bytes that came to the bytes that go. Read this first."""

import logging
from collections.abc import Mapping, Sequence
from time import perf_counter

from emulator.engine.agenda import Agenda
from emulator.engine.books import enter, tell
from emulator.engine.checks import Check, sequence
from emulator.engine.delivery import Due
from emulator.engine.emulation import Emulation
from emulator.engine.hindrance import apply_hindered
from emulator.engine.mishap import NO_MISHAP, Mishap, befall, spoil
from emulator.model.call import Call
from emulator.model.entry import Entry
from emulator.model.error import ApiError, Reason
from emulator.model.http import Request, Response
from emulator.model.task import Outcome, Situation
from emulator.model.taskkey import TaskKey
from emulator.model.vendor import Probe, Refusal, Vendor
from emulator.world.clock import real_time

log = logging.getLogger("emulator.calls")


class Pipeline:
    """Answers requests as the vendors of one emulation would."""

    def __init__(self, emulation: Emulation) -> None:
        self.emulation = emulation
        self._checks: Mapping[str, tuple[Check, ...]] = {
            vendor.name: sequence(vendor) for vendor in emulation.vendors
        }

    async def answer(self, vendor: Vendor, request: Request) -> Response:
        """Return the vendor's answer: checks in its order, then faults, then the handler.

        Where the call names a URL that has to answer, that is asked in between. Else nothing is
        awaited before the call is in the journal.
        """
        began, mishap = perf_counter(), NO_MISHAP
        call = Call(request=request, claim=vendor.read(request))
        try:
            for check in self._checks[vendor.name]:
                call = check(self.emulation, vendor, call)
            agenda = self.emulation.agenda(call)
            situation = agenda.situation(self.emulation.account(call), call.request.origin)
            if agenda.faults.are_there:
                mishap = befall(agenda, vendor, call, situation)
            if probe := vendor.probes.get(call.action.name):
                situation = await self._after(probe, call, agenda, situation, mishap)
            outcome, early = self._perform(vendor, call, agenda, situation, mishap)
        except ApiError as error:
            return self._refuse(vendor, call, error, began, mishap)
        except Exception:
            log.exception("%s: %s failed here; this is our mistake", vendor.name, call.claim.action)
            failure = ApiError(vendor.codes[Reason.INTERNAL], "", Reason.INTERNAL)
            return self._refuse(vendor, call, failure, began, mishap)
        now, request_id = situation.now, vendor.request_id(situation.chance, situation.now)
        response = mishap.instead or vendor.render(call, outcome, request_id)
        if mishap.rules:
            response = spoil(response, mishap)
        journal = agenda.namespace.journal
        entry = Entry(
            number=journal.written + 1,
            at=now,
            seconds=perf_counter() - began,
            ended=real_time(),
            vendor=vendor.name,
            call=call,
            response=response,
            request_id=request_id,
            fault=mishap.rules,
            struck=mishap.faults,
        )
        enter(self.emulation, journal, entry)
        if early:
            await agenda.send(early)
        return response

    async def _after(
        self, probe: Probe, call: Call, agenda: Agenda, situation: Situation, mishap: Mishap
    ) -> Situation:
        """Return the situation once the URL that the call names has answered.

        Other calls are answered meanwhile, so what was known before may be so no more. A call that
        takes no effect asks nothing.
        """
        if mishap.error or mishap.instead:
            return situation
        if probed := probe(call, situation):
            if not await agenda.answers(probed.url, probed.rules):
                raise probed.error
            account = agenda.namespace.accounts[call.key.vendor, call.key.account_id]
            return agenda.situation(account, call.request.origin)
        return situation

    def _perform(
        self, vendor: Vendor, call: Call, agenda: Agenda, situation: Situation, mishap: Mishap
    ) -> tuple[Outcome, Sequence[Due]]:
        """Have the call take effect, and return what to send before it is answered."""
        if mishap.error:
            raise mishap.error
        if mishap.instead:
            return _NOTHING, ()
        if agenda.pacing.polled and (query := vendor.queries.get(call.action.name)):
            for task_id in query.ids(call, situation):
                agenda.asked(TaskKey(query.kind, call.key.account_id, task_id))
        outcome = vendor.handlers[call.action.product][call.action.name](call, situation)
        if agenda.faults.are_there and outcome.change.tasks:
            return outcome, apply_hindered(agenda, outcome.change, call.action.name)
        agenda.apply(outcome.change)
        return outcome, ()

    def _refuse(
        self, vendor: Vendor, call: Call, error: ApiError, began: float, mishap: Mishap
    ) -> Response:
        emulation = self.emulation
        agenda = emulation.agendas.get(call.key.namespace) if call.is_verified else None
        place = agenda.namespace if agenda else emulation
        now = place.clock.now()
        request_id = vendor.request_id(place.chance, now)
        refused = error.refused
        spec = vendor.error(call.action, refused)
        facts = {"request_id": request_id, **refused.facts}
        text = spec.text(refused.variant, call.claim.language)
        refusal = Refusal(
            code=spec.code.format_map(facts),
            message=text.format_map(facts),
            status=spec.status,
            number=spec.number,
        )
        response = vendor.refuse(call, refusal, request_id)
        if mishap.rules:
            response = spoil(response, mishap)
        entry = Entry(
            number=place.journal.written + 1,
            at=now,
            seconds=perf_counter() - began,
            ended=real_time(),
            vendor=vendor.name,
            call=call,
            response=response,
            request_id=request_id,
            error=refused,
            code=refusal.code,
            message=refusal.message,
            fault=mishap.rules or refused.rule,
            struck=mishap.faults or error.struck,
        )
        enter(emulation, place.journal, entry)
        tell(emulation, vendor, entry)
        return response


_NOTHING = Outcome({})
