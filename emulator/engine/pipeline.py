"""One request, from the bytes that came to the bytes that go. Read this first."""

import logging
from collections.abc import Mapping

from emulator.engine.checks import Check, sequence
from emulator.engine.emulation import Emulation
from emulator.engine.explanation import remark, shown
from emulator.model.call import Call, redacted
from emulator.model.error import ApiError, Reason
from emulator.model.http import Request, Response
from emulator.model.task import Outcome, TaskKey
from emulator.model.vendor import Refusal, Vendor

log = logging.getLogger("emulator.calls")
_LONGEST = 2000


class Pipeline:
    """Answers requests as the vendors of one emulation would."""

    def __init__(self, emulation: Emulation) -> None:
        self.emulation = emulation
        self._checks: Mapping[str, tuple[Check, ...]] = {
            vendor.name: sequence(vendor) for vendor in emulation.vendors
        }

    async def answer(self, vendor: Vendor, request: Request) -> Response:
        """Return the vendor's answer: checks in the vendor's order, then the action's handler."""
        call = Call(request, vendor.read(request))
        try:
            for check in self._checks[vendor.name]:
                checked = check(self.emulation, vendor, call)
                call = checked if isinstance(checked, Call) else await checked
            outcome = await self._perform(vendor, call)
            return vendor.render(call, outcome, self._request_id(vendor, call))
        except ApiError as error:
            return self._refuse(vendor, call, error)
        except Exception:
            log.exception("%s: %s failed here; this is our mistake", vendor.name, call.claim.action)
            failure = ApiError(vendor.codes[Reason.INTERNAL], "", Reason.INTERNAL)
            return self._refuse(vendor, call, failure)

    async def _perform(self, vendor: Vendor, call: Call) -> Outcome:
        agenda = self.emulation.agenda(call)
        situation = agenda.situation(self.emulation.account(call), call.request.origin)
        if agenda.pacing.polled and (query := vendor.queries.get(call.action.name)):
            for task_id in await query.ids(call, situation):
                await agenda.asked(TaskKey(query.kind, call.key.account_id, task_id))
        outcome = await vendor.handlers[call.action.product][call.action.name](call, situation)
        await agenda.apply(outcome.change)
        return outcome

    def _refuse(self, vendor: Vendor, call: Call, error: ApiError) -> Response:
        request_id = self._request_id(vendor, call)
        spec = vendor.error(call.action, error.code)
        facts = {"request_id": request_id, **error.facts}
        text = spec.text(error.variant, call.claim.language)
        refusal = Refusal(
            code=spec.code.format_map(facts),
            message=text.format_map(facts),
            status=spec.status,
            number=spec.number,
        )
        if log.isEnabledFor(logging.INFO):
            ours = shown(vendor, call, error, _LONGEST)._asdict()
            sentence = remark(self.emulation, vendor, call, error).sentence
            log.info(
                "%s: %s refused: %s %s%s",
                vendor.name,
                call.claim.action or "a call without an action",
                refusal.code,
                redacted(text.format_map({**facts, **ours}), call.claim),
                f" ({redacted(sentence, call.claim)})" if sentence else "",
            )
        return vendor.refuse(call, refusal, request_id)

    def _request_id(self, vendor: Vendor, call: Call) -> str:
        if not call.is_verified:
            return vendor.request_id(self.emulation.chance, self.emulation.clock.now())
        namespace = self.emulation.namespace(call)
        return vendor.request_id(namespace.chance, namespace.clock.now())
