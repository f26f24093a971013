"""Mishaps: what the faults that strike a call come to, before it takes effect and after."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple

from emulator.engine.agenda import Agenda
from emulator.engine.checks import denial
from emulator.engine.faults import Strike
from emulator.engine.occasion import Occasion
from emulator.model import fault as faults
from emulator.model.call import Call
from emulator.model.error import ApiError, Reason
from emulator.model.fault import AnswerFault
from emulator.model.http import Response
from emulator.model.manner import Ending, Manner
from emulator.model.task import Situation
from emulator.model.vendor import Vendor
from emulator.spec import jsontext
from emulator.spec.action import Action, ErrorSpec, Evidence, Message, Provenance
from emulator.world.chance import SeededChance


class Mishap(NamedTuple):
    """`rules` names those that struck, with their `faults`. With an `error`, or something else to
    answer `instead`, the call does not take effect; else only its answer suffers.
    """

    rules: str = ""
    faults: tuple[AnswerFault, ...] = ()
    error: ApiError | None = None
    instead: Response | None = None
    manner: Manner | None = None
    breaks_off: bool = False

    @property
    def takes_effect(self) -> bool:
        return self.error is None and self.instead is None


NO_MISHAP = Mishap()


class Case(NamedTuple):
    """A call that has passed all checks, as faults look at it; `limit` is of calls a second."""

    vendor: Vendor
    call: Call
    situation: Situation
    limit: int


def befall(agenda: Agenda, vendor: Vendor, call: Call, situation: Situation) -> Mishap:
    """Return what happens to the call: the first fault that answers, after all latencies before.

    Faults that this vendor or this action cannot have do not strike.
    """
    action, now = call.action, situation.now
    has = partial(_has, vendor, action)
    asked = agenda.faults.concerning(
        AnswerFault, vendor.name, action.product, action.name, action.version, has
    )
    if not asked:
        return NO_MISHAP
    region, arguments = call.claim.region, call.arguments
    occasion = Occasion(vendor.name, action.product, action.name, region, "", arguments)
    struck: list[Strike[AnswerFault]] = []
    delay_seconds = 0.0
    met = NO_MISHAP
    for strike in agenda.faults.ask(asked, occasion, now):
        rule, fault, chance = strike
        struck.append(strike)
        if isinstance(fault, faults.Latency):
            delay_seconds += _drawn(fault, chance)
            continue
        limit = agenda.namespace.limit(action.name, action.calls_per_second)
        met = _KINDS[type(fault)](Case(vendor, call, situation, limit), fault)
        if met.error:
            met.error.refused = met.error.refused.but(rule=rule)
        break
    if not struck:
        return NO_MISHAP
    manner = met.manner
    if delay_seconds:
        manner = replace(manner or Manner(), delay_seconds=delay_seconds)
    return met._replace(
        rules=", ".join(strike.rule for strike in struck),
        faults=tuple(strike.fault for strike in struck),
        manner=manner,
    )


def spoil(response: Response, mishap: Mishap) -> Response:
    """Return the answer as it goes out after the mishap."""
    body = response.body[: len(response.body) // 2] if mishap.breaks_off else response.body
    return Response(response.status, body, response.headers, mishap.manner)


def _has(vendor: Vendor, action: Action, fault: AnswerFault) -> bool:
    """Return whether a call of the action can be answered so."""
    if isinstance(fault, faults.Refuse):
        return fault.force or _documented(vendor, action, fault.code) is not None
    if isinstance(fault, faults.Denied):
        return bool(denial(action, fault.state))
    return True


def _documented(vendor: Vendor, action: Action, code: str) -> ErrorSpec | None:
    return action.errors.get(code) or vendor.catalog.gateway.errors.get(code)


def _drawn(fault: faults.Latency, chance: SeededChance) -> float:
    if fault.spread is faults.Spread.UNIFORM:
        half = fault.spread_seconds
        return max(0.0, chance.evenly(fault.seconds - half, fault.seconds + half))
    if fault.spread is faults.Spread.LOGNORMAL:
        return chance.lognormally(fault.seconds, fault.sigma)
    return fault.seconds


# What is refused.


def _refuse(case: Case, fault: faults.Refuse) -> Mishap:
    documented = _documented(case.vendor, case.call.action, fault.code)
    spec = documented or _invented(case, fault.code)
    error = ApiError(fault.code, "", None, **_facts(case))
    if fault.message:
        spec = _saying(spec, fault.message)
    if spec is not documented:
        error.refused = error.refused.but(spec=spec)
    return Mishap(error=error)


def _for(reason: Reason) -> Callable[[Case, AnswerFault], Mishap]:
    def refuse(case: Case, fault: AnswerFault) -> Mishap:
        code = case.vendor.codes[reason]
        return Mishap(error=ApiError(code, reason.name.lower(), reason, **_facts(case)))

    return refuse


def _deny(case: Case, fault: faults.Denied) -> Mishap:
    code = denial(case.call.action, fault.state)
    return Mishap(error=ApiError(code, "", None, **_facts(case), state=fault.state))


def _invented(case: Case, code: str) -> ErrorSpec:
    """Return an error that nobody documents, with the status that the vendor's usually have."""
    status = case.vendor.catalog.gateway.error_status
    provenance = Provenance("a rule with `force`", None, Evidence.ASSUMED)
    text = Message(_literal(code), "", provenance)
    return ErrorSpec(_literal(code), status, 0, text, {}, (), (), (), provenance)


def _saying(spec: ErrorSpec, text: str) -> ErrorSpec:
    return replace(spec, message=Message(_literal(text), "", spec.provenance), variants={})


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _facts(case: Case) -> dict[str, str | int]:
    """Return what the texts of errors may name, as if the first parameter were to blame."""
    call = case.call
    path, value = next(_named(call), ("", ""))
    return {
        "path": path,
        "name": path,
        "value": jsontext.shown(value),
        "action": call.action.name,
        "service": call.action.product,
        "version": call.action.version,
        "resource": _resource(case),
        "type": "string",
        "access_key_id": call.key.id,
        "count": case.limit + 1,
        "limit": case.limit,
        "server_time": int(case.situation.now.timestamp()),
        "part": "Service",
        "problem": "",
        "string_to_sign": "",
        "canonical_request": "",
    }


def _resource(case: Case) -> str:
    """Return what a policy would name; `*` where the call does not say which."""
    call, resources = case.call, case.vendor.catalog.gateway.resources
    named = {name: str(value) for name, value in _named(call)}
    facts = {**named, "account": call.key.account_id, "region": call.claim.region}
    try:
        return resources.get(call.action.product, "").format_map(facts) or "*"
    except KeyError:
        return "*"


def _named(call: Call) -> Iterator[tuple[str, Any]]:
    """Yield the arguments that may be shown."""
    for name, value in call.arguments.items():
        parameter = call.action.parameters.get(name)
        if parameter and not parameter.holds_secret:
            yield name, value


# What is answered by others than the vendor's product.


def _gateway(case: Case, fault: faults.BadGateway) -> Mishap:
    """Answer the gateway's own error of this status where one is documented, else a page.

    Assumed: no record shows these pages; they are as nginx has them.
    """
    for code, spec in case.vendor.catalog.gateway.errors.items():
        if spec.status == fault.status:
            return Mishap(error=ApiError(code, "", None, **_facts(case)))
    return Mishap(instead=_page(fault.status))


def _proxy(case: Case, fault: faults.ProxyPage) -> Mishap:
    return Mishap(instead=_page(fault.status))


def _page(status: int) -> Response:
    title = f"{status} {HTTPStatus(status).phrase}"
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n"
        "</body>\r\n</html>\r\n"
    )
    return Response(status, body.encode(), ((b"content-type", b"text/html"),))


# What becomes of the answer on its way.


def _reset(case: Case, fault: faults.Reset) -> Mishap:
    """To know whose a call is it has to be read; a client sees no difference."""
    instead = None if fault.when is faults.ResetPoint.AFTER else _NO_ANSWER
    return Mishap(instead=instead, manner=Manner(ending=Ending.RESET))


_NO_ANSWER = Response(0, b"")

_KINDS: Mapping[type[AnswerFault], Callable[[Case, Any], Mishap]] = {
    faults.Refuse: _refuse,
    faults.Throttle: _for(Reason.THROTTLED),
    faults.Denied: _deny,
    faults.KeyDisabled: _for(Reason.KEY_DISABLED),
    faults.TokenExpired: _for(Reason.TOKEN_EXPIRED),
    faults.NotPermitted: _for(Reason.NOT_PERMITTED),
    faults.SlowBody: lambda case, f: Mishap(manner=Manner(bytes_per_second=f.bytes_per_second)),
    faults.TruncatedBody: lambda case, f: Mishap(manner=Manner(share=f.share)),
    faults.WrongLength: lambda case, f: Mishap(manner=Manner(off_by=f.by)),
    faults.Reset: _reset,
    faults.EmptyReply: lambda case, f: Mishap(manner=Manner(ending=Ending.CLOSED)),
    faults.NoReply: lambda case, f: Mishap(manner=Manner(ending=Ending.SILENCE)),
    faults.MalformedJson: lambda case, f: Mishap(breaks_off=True),
    faults.ProxyPage: _proxy,
    faults.BadGateway: _gateway,
    faults.Outage: _gateway,
}
