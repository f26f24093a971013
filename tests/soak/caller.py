"""A caller: sends calls, checks each answer, and records what it says about named objects."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.soak.clients import Answer, Clients
from tests.soak.expected import EXPECTED
from tests.soak.history import History, Span, Thing
from tests.soak.model import Model
from tests.soak.rule_times import RuleTimes
from tests.soak.violation import Violations


@dataclass(frozen=True)
class Caller:
    """A caller with SDKs of its own; `chance` decides its next move, `outcomes` counts answers."""

    who: str
    clients: Clients
    chance: Random
    history: History
    rule_times: RuleTimes
    violations: Violations
    outcomes: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def asking(self) -> Iterator["Asked"]:
        with self.history.span(self.who) as span:
            yield Asked(self, span)


class Asked:
    """One call, and what is recorded from its answer."""

    def __init__(self, caller: Caller, span: Span) -> None:
        self._caller = caller
        self._span = span

    def call(self, send: Callable[..., Answer], action: str, **arguments: Any) -> Answer:
        """Send the call and return the answer; without rules, only expected refusals are valid."""
        answer = send(action, **arguments)
        self._span.close()
        caller, span = self._caller, self._span
        outcome = "ok" if answer.is_ok else "refused" if answer.code else "broken"
        caller.outcomes[f"{send.__name__} {outcome}"] += 1
        is_usual = answer.is_ok or answer.code in EXPECTED[action]
        if not is_usual and not caller.rule_times.may_strike(span.began, span.ended):
            what = answer.code or answer.problem
            usual = ", ".join(("ok", *sorted(EXPECTED[action])))
            text = f"{caller.who} {action}: expected {usual}, got {what}, without any rule"
            caller.violations.add("answers", text)
        return answer

    def note(
        self, thing: Thing, model: Model, action: str, value: Hashable = None, *, of: Answer
    ) -> None:
        """Record an operation; if the answer is broken, as one that may not have happened."""
        self._span.note(thing, model, action, value, is_certain=not of.problem)

    def assume(self, thing: Thing, model: Model, action: str, began: float) -> None:
        """Record what an earlier call may have done, in case its answer was lost."""
        self._span.note(thing, model, action, is_certain=False, began=began)

    def note_by_code(
        self, thing: Thing, model: Model, actions: Mapping[str, str], of: Answer
    ) -> None:
        """Record the operation that the answer's code means; "" is the code of a success."""
        if action := actions.get(of.code):
            self.note(thing, model, action, of=of)
