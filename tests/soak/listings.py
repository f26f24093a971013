"""The listings of the administration: journal, callbacks and timeline have to be consistent."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from emulator.client import AdminProblem
from emulator.client.connection import Connections
from tests.soak.expected import EXPECTED
from tests.soak.history import History
from tests.soak.rule_times import RuleTimes
from tests.soak.violation import Violations

T = TypeVar("T")
Shown = Mapping[str, Any]

# The first attempt and the retries that each vendor documents; for Tencent, those of TIW.
_MAX_ATTEMPTS = {"tencent": 6, "alibaba": 3, "volcengine": 3}
# More than an attempt takes: connecting, sending and waiting may each take the time-out.
_UNDER_WAY_SECONDS = 30
_MOST_REQUESTS, _MOST_CALLBACKS = 1000, 10_000


def gap(numbers: Sequence[int], after: int | None = None) -> str:
    """Say where numbers do not rise by one, from the one after `after` if given; "" if they do."""
    for before, number in zip((after, *numbers), numbers, strict=False):
        if before is not None and number != before + 1:
            return f"expected {before + 1} after {before}, got {number}"
    return ""


def doubles(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


class Listings:
    """Reads the listings of one namespace; those between two resets have to be consistent.

    `requests` and `callbacks` count the entries read.
    """

    def __init__(
        self, url: str, name: str, history: History, rule_times: RuleTimes, violations: Violations
    ) -> None:
        self._connections = Connections(url, "")
        self._path = f"/_emulator/namespaces/{name}"
        self._history = history
        self._rule_times = rule_times
        self._violations = violations
        self._epoch: int | None = None
        self.requests = 0
        self.callbacks = 0
        self._begin()

    def _begin(self) -> None:
        """Forget what was read before a reset."""
        self._last_request = 0
        self._last_callback = 0
        self._request_ids: set[str] = set()
        self._final: dict[str, tuple[str, int]] = {}
        self._without_event: dict[tuple[str, int], float] = {}

    def check(self) -> None:
        """Check new requests, new callbacks, and pending deliveries."""
        if (requests := self._steady(self._new_requests)) is not None:
            self._judge_requests(requests)
        if (callbacks := self._steady(self._new_callbacks)) is not None:
            self._judge_new_callbacks(callbacks)
        if (pending := self._steady(self._pending_and_due)) is not None:
            self._judge_pending(pending)

    def check_all(self) -> Sequence[Shown]:
        """Check all callbacks and return them; return none if a reset intervenes."""
        callbacks = self._steady(self._every_callback) or ()
        for each in callbacks:
            self._judge_callback(each)
        for task in doubles(_events_sent_once(callbacks)):
            self._violations.add("callbacks", f"expected one event of {task}, got several")
        return callbacks

    def tasks(self) -> Sequence[Shown] | None:
        return self._steady(lambda: self._listed("/tasks", "tasks"))

    def _steady(self, read: Callable[[], T]) -> T | None:
        """Return the result of `read`, None if a reset intervenes."""
        epoch = self._history.epoch
        if epoch is None:
            return None
        if epoch != self._epoch:
            self._begin()
            self._epoch = epoch
        try:
            result = read()
        except AdminProblem as problem:
            if self._history.epoch == epoch:
                text = f"expected a listing, got {problem.status}: {problem}"
                self._violations.add("administration", text)
            return None
        return result if self._history.epoch == epoch else None

    def _listed(self, route: str, name: str, **query: object) -> list[Shown]:
        answer = self._connections.ask("GET", f"{self._path}{route}", query=query)
        listed: list[Shown] = json.loads(answer)[name]
        return listed

    def _new_requests(self) -> Sequence[Shown]:
        after = self._last_request
        return self._listed("/requests", "requests", after=after, limit=_MOST_REQUESTS)

    def _judge_requests(self, requests: Sequence[Shown]) -> None:
        """Check numbers and ids of journal entries, and that rules explain unexpected refusals."""
        if not requests:
            return
        numbers = [each["number"] for each in requests]
        # If the listing is full, older entries are missing.
        is_whole = len(requests) < _MOST_REQUESTS
        if wrong := gap(numbers, self._last_request if is_whole else None):
            self._violations.add("journal", f"numbers of requests: {wrong}")
        self._last_request = numbers[-1]
        self.requests += len(requests)
        for each in requests:
            if each["request_id"] in self._request_ids:
                self._violations.add("ids", f"request id {each['request_id']} came twice")
            self._request_ids.add(each["request_id"])
            usual = EXPECTED.get(each["action"], frozenset())
            is_usual = each["status"] < 500 and (not each["code"] or each["code"] in usual)
            if not is_usual and not each["fault"]:
                got = f"{each['code'] or each['status']} ({each['why'] or each['message']})"
                text = f"{each['action']} in the journal: expected success or a usual refusal, got "
                self._violations.add("answers", f"{text}{got}, without any rule")

    def _new_callbacks(self) -> Sequence[Shown]:
        after = self._last_callback
        return self._listed("/callbacks", "callbacks", after=after, limit=_MOST_CALLBACKS)

    def _judge_new_callbacks(self, callbacks: Sequence[Shown]) -> None:
        if not callbacks:
            return
        numbers = [each["number"] for each in callbacks]
        if wrong := gap(numbers, self._last_callback):
            self._violations.add("callbacks", f"numbers of deliveries: {wrong}")
        self._last_callback = numbers[-1]
        self.callbacks += len(callbacks)
        for each in callbacks:
            self._judge_callback(each)

    def _every_callback(self) -> Sequence[Shown]:
        return self._listed("/callbacks", "callbacks", limit=_MOST_CALLBACKS)

    def _judge_callback(self, callback: Shown) -> None:
        """Check the attempts of a delivery, and its state against them and against earlier ones."""
        attempts, state = callback["attempts"], callback["state"]
        name = f"delivery {callback['number']} of {callback['event']}"
        if wrong := gap([each["number"] for each in attempts], 0):
            self._violations.add("callbacks", f"attempts of {name}: {wrong}")
        most = _MAX_ATTEMPTS[callback["vendor"]]
        if len(attempts) > most:
            text = f"{name}: expected at most {most} attempts, got {len(attempts)}"
            self._violations.add("callbacks", text)
        is_delivered = any(each["status"] == 200 for each in attempts)
        if is_delivered is not (state == "delivered"):
            text = f"{name} is {state} with the answers {[each['status'] for each in attempts]}"
            self._violations.add("callbacks", text)
        before = self._final.get(callback["id"])
        now = (state, len(attempts))
        if before and before != now:
            self._violations.add("callbacks", f"expected {name} to stay {before}, got {now}")
        if state != "pending":
            self._final[callback["id"]] = now

    def _pending_and_due(self) -> tuple[Sequence[Shown], set[str], Sequence[Shown]]:
        """Return the pending deliveries before and after, and the callbacks on the timeline."""
        asked: dict[str, Any] = {"state": "pending", "limit": _MOST_CALLBACKS}
        before = self._listed("/callbacks", "callbacks", **asked)
        due = {each.get("callback", "") for each in self._listed("/timeline", "events")}
        return before, due, self._listed("/callbacks", "callbacks", **asked)

    def _judge_pending(self, seen: tuple[Sequence[Shown], set[str], Sequence[Shown]]) -> None:
        """Check that pending deliveries are on the timeline, or under way for a short time."""
        before, due, after = seen
        now = time.monotonic()
        # A rule may hold a delivery back.
        absent = [each for each in before if each["id"] not in due and not each["fault"]]
        found = set(map(_attempt, absent)) & set(map(_attempt, after))
        self._without_event = {each: self._without_event.get(each, now) for each in found}
        for (name, attempts), since in self._without_event.items():
            is_ruled = self._rule_times.may_strike(since, now)
            if now - since > _UNDER_WAY_SECONDS and not is_ruled:
                text = f"expected {name} to be due after {attempts} attempts, it is not on the "
                self._violations.add("timeline", f"{text}timeline for {now - since:.0f} s")

    def require_none_pending(self) -> None:
        """Check that no delivery is pending, once all that was due has been done."""
        pending = self._listed("/callbacks", "callbacks", state="pending", limit=_MOST_CALLBACKS)
        for each in pending:
            text = f"expected nothing to be sent any more, got {each['event']} of {each['task']}"
            self._violations.add("timeline", f"{text}, {len(each['attempts'])} attempts so far")


def arrivals(callbacks: Sequence[Shown], came: Mapping[str, int], base: str) -> list[str]:
    """Say at which unique URLs the number of callbacks differs from the attempts."""
    sent: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for each in callbacks:
        path = each["url"].removeprefix(base)
        sent[path] += len(each["attempts"])
        answered[path] += sum(1 for attempt in each["attempts"] if attempt["status"])
    return [
        f"expected {answered[path]} to {sent[path]} callbacks at {path}, {came[path]} came"
        for path in sent
        if path.startswith("/snapshot-") and not answered[path] <= came[path] <= sent[path]
    ]


def _attempt(callback: Shown) -> tuple[str, int]:
    return f"{callback['event']} {callback['id']}", len(callback["attempts"])


def _events_sent_once(callbacks: Sequence[Shown]) -> list[str]:
    """Return task and event for each delivery of an event that no rule may have repeated."""
    return [
        f"{each['task']}: {each['event']}"
        for each in callbacks
        if each["event"] in ("SnapshotFinished", "SnapshotComplete") and not each["fault"]
    ]
