"""Documented errors had by rules: one allowed call after another is refused, the last is not."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from contract_tests.cases import minimal
from contract_tests.documents import Action, Error
from contract_tests.exercise import everything
from contract_tests.stage import cleared, hindrance, prepared
from contract_tests.target import Answer, Target, refusal, request_id, result
from contract_tests.transport import Form
from contract_tests.wording import departures

_NAME = "documented-{}"


def rehearsed(
    target: Target, action: Action, form: Form, errors: Mapping[str, Error]
) -> Iterator[str]:
    """Yield what is wrong with the answers, with what came of them, and with the rules' counts."""
    target.make_room(action)
    arguments = prepared(target, action, minimal(action))
    hindered = hindrance(target, action, arguments)
    before = everything(target, action)
    with _rules(target, action, errors):
        for code, error in errors.items():
            answer = target.call(action, arguments, form)
            if departure := _departure(target, action, error, answer, arguments):
                yield f"{action.file}: errors.{code}, {form}: {departure}"
        yield from _miscounted(target, action)
    if everything(target, action) != before:
        yield f"{action.file}, {form}: a call that was refused has made or changed something"
    last = target.call(action, arguments, form)
    refused = refusal(last)
    if (refused.code if refused else "") != hindered:
        yield f"{action.file}, {form}: is allowed once no rule is there, but refused: {refused}"
    if not refused:
        cleared(target, action, arguments, result(action, last))


@contextmanager
def _rules(target: Target, action: Action, codes: Mapping[str, Error]) -> Iterator[None]:
    """Have a rule for each code, each to strike once, in this order."""
    where = {"vendor": action.vendor, "product": action.product, "action": action.name}
    rules = [
        {"name": _NAME.format(number), "fault": "refuse", "code": code, "times": 1, **where}
        for number, code in enumerate(codes)
    ]
    target.admin("POST", "/rules", {"rules": rules})
    try:
        yield
    finally:
        for rule in rules:
            target.admin("DELETE", f"/rules/{rule['name']}")


def _miscounted(target: Target, action: Action) -> Sequence[str]:
    rules = target.admin("GET", "/rules")["rules"]
    return [
        f"{action.file}: the rule for {each['rule']['code']}: fitted {each['fitted']}, "
        f"struck {each['hits']}, expected once each"
        for each in rules
        if each["name"].startswith(_NAME.format("")) and (each["fitted"], each["hits"]) != (1, 1)
    ]


def _departure(
    target: Target, action: Action, error: Error, answer: Answer, arguments: Mapping[str, Any]
) -> str:
    facts = {
        "action": action.name,
        "service": action.product,
        "version": action.version,
        "access_key_id": "test",
        "count": action.calls_per_second + 1,
        "limit": action.calls_per_second,
        "server_time": target.now,
        "request_id": request_id(answer),
        # The signature was right: there is nothing to show of it.
        "string_to_sign": "",
        "canonical_request": "",
    }
    return departures(action, error, refusal(answer), arguments, facts)
