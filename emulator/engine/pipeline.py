"""One request, from the bytes that came to the bytes that go. Read this first."""

import logging
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from emulator.engine.agenda import Agenda
from emulator.engine.books import enter, tell
from emulator.engine.checks import Check, sequence
from emulator.engine.emulation import Emulation, Known
from emulator.engine.hindrance import apply_hindered
from emulator.engine.mishap import NO_MISHAP, Mishap, befall, spoil
from emulator.model.account import NO_KEY
from emulator.model.call import Call, Claim
from emulator.model.entry import Entry
from emulator.model.error import ApiError, Reason
from emulator.model.http import Request, Response
from emulator.model.task import Outcome, Situation
from emulator.model.taskkey import TaskKey
from emulator.model.vendor import Probed, Refusal, Vendor
from emulator.spec.value import Value
from emulator.world.clock import real_time

log = logging.getLogger("emulator.calls")


class Answer(Value):
    """A response, and the ids of the callbacks that are sent before it goes out."""

    response: Response
    early: Sequence[str] = ()


class Question(NamedTuple):
    """A call that has passed all checks, and a URL that has to answer before it is done."""

    call: Call
    mishap: Mishap
    probed: Probed
    is_met: bool = False


class Pipeline:
    """Answers requests as the vendors of one emulation would."""

    def __init__(self, emulation: Emulation) -> None:
        self.emulation = emulation
        self._checks: Mapping[str, tuple[Check, ...]] = {
            vendor.name: sequence(vendor) for vendor in emulation.vendors
        }

    async def answer(self, vendor: Vendor, request: Request) -> Response:
        """Return the vendor's answer.

        A call is one turn of its namespace: checks in the vendor's order, then faults, then the
        handler. Where it names a URL that has to answer, it is two turns, and the URL is asked
        between them. The answer goes out when the turn is kept.
        """
        began, call = perf_counter(), Call(request=request, claim=vendor.read(request))
        known = self.emulation.known(vendor, call.claim)
        if known.key is NO_KEY:
            return self._reject(known, call, began)
        try:
            if not known.agenda.turn.is_ready:
                known = await self._ready(known, call.claim)
            last = known.agenda.turn.last
            with known.agenda.turn:
                met = self._take(known, call, began)
            while isinstance(met, Question):
                is_met = await known.agenda.answers(met.probed.url, met.probed.rules)
                # The namespace may have been reset meanwhile, or be gone.
                known = await self._ready(self.emulation.known(vendor, call.claim), call.claim)
                if known.key is NO_KEY:
                    return self._reject(known, call, began)
                last = known.agenda.turn.last
                with known.agenda.turn:
                    met = self._take(known, call, began, met._replace(is_met=is_met))
            agenda = known.agenda
            if agenda.turn.last is not last:
                await agenda.turn.committed()
        except Exception:
            log.exception("%s: %s could not be kept", vendor.name, call.claim.action)
            return self._refuse(vendor, call, _failure(vendor), began)
        if met.early:
            await agenda.send(met.early)
        return met.response

    async def _ready(self, known: Known, claim: Claim) -> Known:
        """Return what is known now, of a namespace that can do a turn; a key may be gone."""
        again = self.emulation.known(known.vendor, claim)
        if again.key is NO_KEY:
            again = known
        if again.agenda.turn.is_ready:
            return again
        await again.agenda.turn.ready()
        return await self._ready(again, claim)

    def _reject(self, known: Known, call: Call, began: float) -> Response:
        """Return the refusal of a call whose key nobody has: one of the checks finds it."""
        vendor = known.vendor
        try:
            for check in self._checks[vendor.name]:
                call = check(self.emulation, known, call)
            raise AssertionError("a key that nobody has was accepted")
        except ApiError as error:
            return self._refuse(vendor, call, error, began)
        except Exception:
            log.exception("%s: %s failed here; this is our mistake", vendor.name, call.claim.action)
            return self._refuse(vendor, call, _failure(vendor), began)

    def _take(
        self, known: Known, call: Call, began: float, question: Question | None = None
    ) -> Answer | Question:
        """Do a turn of the call: to its answer, or to a question that has to be asked first."""
        vendor, agenda, mishap = known.vendor, known.agenda, NO_MISHAP
        try:
            if question is None:
                for check in self._checks[vendor.name]:
                    call = check(self.emulation, known, call)
            else:
                call, mishap = question.call, question.mishap
                if not question.is_met:
                    raise question.probed.error
            situation = agenda.situations.of(known.account, call.request.origin)
            if question is None:
                if agenda.faults.are_there:
                    mishap = befall(agenda, vendor, call, situation)
                probe = vendor.probes.get(call.action.name)
                if probe and mishap.takes_effect and (probed := probe(call, situation)):
                    return Question(call, mishap, probed)
            outcome, early = self._perform(vendor, call, agenda, situation, mishap)
        except ApiError as error:
            return Answer(self._refuse(vendor, call, error, began, mishap, agenda))
        except Exception:
            log.exception("%s: %s failed here; this is our mistake", vendor.name, call.claim.action)
            agenda.namespace.state.undo()
            return Answer(self._refuse(vendor, call, _failure(vendor), began, mishap, agenda))
        now, request_id = situation.now, vendor.request_id(situation.chance, situation.now)
        response = mishap.instead or vendor.render(call, outcome, request_id)
        if mishap.rules:
            response = spoil(response, mishap)
        requests = agenda.namespace.state.requests
        entry = Entry(
            number=requests.written + 1,
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
        requests.add(entry)
        enter(self.emulation, entry)
        return Answer(response, early)

    def _perform(
        self, vendor: Vendor, call: Call, agenda: Agenda, situation: Situation, mishap: Mishap
    ) -> tuple[Outcome, Sequence[str]]:
        """Have the call take effect; return also which callbacks are sent before its answer."""
        if mishap.error:
            raise mishap.error
        if mishap.instead:
            return _NOTHING, ()
        if agenda.pacing.is_of_tasks and (query := vendor.queries.get(call.action.name)):
            for task_id in query.ids(call, situation):
                agenda.steps.asked(TaskKey(query.kind, call.key.account_id, task_id))
        outcome = vendor.handlers[call.action.product][call.action.name](call, situation)
        if agenda.faults.strike_tasks and outcome.change.tasks:
            return outcome, apply_hindered(agenda, outcome.change, call.action.name)
        agenda.steps.apply(outcome.change)
        return outcome, ()

    def _refuse(
        self,
        vendor: Vendor,
        call: Call,
        error: ApiError,
        began: float,
        mishap: Mishap = NO_MISHAP,
        agenda: Agenda | None = None,
    ) -> Response:
        """Return a refusal. It is in the journal of the namespace only if the call is proven to be
        of its key; without an agenda it is in that of the emulation.
        """
        emulation = self.emulation
        namespace = agenda.namespace if agenda and call.is_verified else None
        place = namespace or emulation
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
        journal = namespace.state.requests if namespace else emulation.journal
        entry = Entry(
            number=journal.written + 1,
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
        if namespace:
            journal.add(entry)
        else:
            journal.record(entry)
            emulation.news.ring()
        enter(emulation, entry)
        tell(emulation, vendor, entry)
        return response


def _failure(vendor: Vendor) -> ApiError:
    return ApiError(vendor.codes[Reason.INTERNAL], "", Reason.INTERNAL)


_NOTHING = Outcome({})
