"""One run: a server, a receiver, eight callers and the disturbers, for a given time."""

import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from emulator.client import Server
from tests.soak.caller import Caller
from tests.soak.clients import Clients
from tests.soak.disturbers import clock, faults, namespaces, resets, roundtrips, stalls
from tests.soak.disturbers.asking import Disturber
from tests.soak.expected import EXPECTED
from tests.soak.history import History
from tests.soak.listings import Listings, arrivals
from tests.soak.model import TASK
from tests.soak.nested import Nested
from tests.soak.process import Process, served
from tests.soak.receiver import Receiver
from tests.soak.rule_times import RuleTimes
from tests.soak.traffic import Move, ice, live, rtc, tiw
from tests.soak.traffic.shared import Shared
from tests.soak.violation import Violations

CALLERS, NESTED_CALLERS = 8, 4
MOVES: dict[Move, int] = {**live.MOVES, **tiw.MOVES, **ice.MOVES, **rtc.MOVES}
# In some moments all callers make the same one of these moves, with the same names.
CONTESTS: dict[Move, int] = {
    live.add_domain: 3,
    live.make_template: 2,
    live.remove_template: 1,
    live.make_rule: 1,
    live.remove_rule: 1,
    ice.remove_pipeline: 1,
    ice.choose_template: 1,
    rtc.start: 2,
    rtc.stop: 2,
    rtc.set_own_field: 2,
}
_NAME = "soak"
_PAUSE_SECONDS = 0.02
_CHECK_SECONDS, _CHECK_ALL_EVERY = 1.0, 4
_RESET_SECONDS = (5.0, 12.0)
# More than all retries of a delivery take.
_REST_SECONDS = 120
# Reserved at the end for the remaining deliveries and checks.
_END_SECONDS = 4
_JOIN_SECONDS = 60
# A shorter run says nothing about memory.
_LONG_SECONDS = 300
_GROWTH, _GROWTH_BYTES = 2, 50 * 1024 * 1024


@dataclass
class Outcome:
    """What a run did, for the report."""

    seed: int
    seconds: float = 0
    calls: Counter[str] = field(default_factory=Counter)
    operations: int = 0
    requests: int = 0
    callbacks: int = 0
    arrived: int = 0
    nested: Counter[str] = field(default_factory=Counter)
    disturbed: Counter[str] = field(default_factory=Counter)
    memory: tuple[int, int] = (0, 0)


class Run:
    """The threads of a run, and what they share."""

    def __init__(self, seed: int, process: Process, receiver: Receiver, violations: Violations):
        self.seed = seed
        self.violations = violations
        self._process = process
        self._receiver = receiver
        self._server = Server(process.url)
        self._stop = threading.Event()
        self._rule_times = RuleTimes()
        self._history = History(violations)
        self._shared = Shared(seed, receiver.url, violations)
        self._namespace = self._server.create(
            _NAME,
            seed=seed,
            calls_per_second=dict.fromkeys(EXPECTED, 1_000_000),
            accounts=[
                {
                    "vendor": "volcengine",
                    "id": "2100000001",
                    "callbacks": rtc.declared(receiver.url),
                }
            ],
        )
        self._listings = Listings(process.url, _NAME, self._history, self._rule_times, violations)
        self._callers = [self._caller(f"client-{number}") for number in range(CALLERS)]
        self._nested_callers = [self._caller(f"callback-{n}") for n in range(NESTED_CALLERS)]
        self._nested = Nested(self._nested_callers, self._shared, process.url, _NAME)
        receiver.nested = self._nested
        self._disturbers: list[Disturber] = []

    def go(self, seconds: float) -> Outcome:
        began = time.monotonic()
        faulty, timing, resetting, copying, passing = (
            self._disturber(name) for name in ("faults", "clock", "resets", "copies", "namespaces")
        )
        stalling = Random(f"{self.seed} stalls")
        works: list[Callable[[], object]] = [
            *(lambda caller=caller: self._move(caller) for caller in self._callers),
            lambda: faults.disturb(faulty, self._rule_times),
            lambda: clock.disturb(timing),
            lambda: resets.disturb(resetting, self._history, _RESET_SECONDS),
            lambda: roundtrips.disturb(copying, self._server),
            lambda: namespaces.disturb(passing, self._server, self._receiver.url, self._rule_times),
            lambda: stalls.disturb(self._process, self._shared, stalling),
            self._check,
        ]
        threads = [
            threading.Thread(target=self._again, args=(work,), daemon=True) for work in works
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < began + seconds - _END_SECONDS and self._process.is_running:
            time.sleep(0.1)
        self._stop.set()
        for thread in threads:
            thread.join(_JOIN_SECONDS)
            if thread.is_alive():
                self.violations.add("progress", f"expected all calls to end in {_JOIN_SECONDS} s")
        if self._process.is_running:
            with self._told():
                self._come_to_rest(timing)
        self._check_the_end()
        return self._outcome(time.monotonic() - began)

    def _caller(self, who: str) -> Caller:
        chance = Random(f"{self.seed} {who}")
        clients = Clients(self._namespace)
        return Caller(who, clients, chance, self._history, self._rule_times, self.violations)

    def _disturber(self, name: str) -> Disturber:
        disturber = Disturber(self._namespace, Random(f"{self.seed} {name}"), self.violations)
        self._disturbers.append(disturber)
        return disturber

    def _again(self, work: Callable[[], object]) -> None:
        """Repeat the work until the time is up."""
        while not self._stop.is_set() and self._process.is_running:
            with self._told():
                work()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Report an exception of the soak itself as a violation, and go on."""
        try:
            yield
        except Exception:
            self.violations.add("soak", f"failed itself: {traceback.format_exc(limit=-3)}")
            self._stop.wait(0.5)

    def _move(self, caller: Caller) -> None:
        chance = self._shared.chance(caller.chance)
        moves = MOVES if chance is caller.chance else CONTESTS
        (move,) = chance.choices(list(moves), list(moves.values()))
        move(caller, self._shared)
        time.sleep(_PAUSE_SECONDS * caller.chance.random())

    def _check(self) -> None:
        for number in range(_CHECK_ALL_EVERY):
            self._listings.check()
            if number == 0:
                self._listings.check_all()
            self._history.settle()
            self._process.measure()
            for mistake in self._process.mistakes():
                self.violations.add("log", f"expected no failure of the emulator itself: {mistake}")
            if self._stop.wait(_CHECK_SECONDS):
                return

    def _come_to_rest(self, disturber: Disturber) -> None:
        """Let all that is due happen, without rules, and check everything once more."""
        self._receiver.is_calm = True
        clock.restore(disturber)
        stopper = self._callers[0]
        for names in rtc.NAMES:
            rtc.stop_named(stopper, names)
        self._namespace.clock.hold()
        self._namespace.clock.advance(_REST_SECONDS)
        self._listings.check()
        self._listings.require_none_pending()
        callbacks = self._listings.check_all()
        for text in arrivals(callbacks, self._receiver.came, self._receiver.url):
            self.violations.add("callbacks", text)
        with self._history.span("listing") as span:
            tasks = self._listings.tasks()
            span.close()
            known = {task["id"] for task in tasks or ()}
            for thing in self._history.things(tiw.SNAPSHOT, tiw.GENERATION, ice.JOB):
                if tasks is not None and thing[1] not in known:
                    span.note(thing, TASK, "miss")

    def _check_the_end(self) -> None:
        self._history.settle(is_over=True)
        self._process.measure()
        if not self._process.is_running:
            self.violations.add("server", "expected it to run until it is stopped, it has ended")
        elif (code := self._process.end()) != 0:
            self.violations.add("server", f"expected to stop with exit code 0, got {code}")
        for mistake in self._process.mistakes():
            self.violations.add("log", f"expected no failure of the emulator itself: {mistake}")

    def _outcome(self, seconds: float) -> Outcome:
        early, late = third_and_end(self._process.memory)
        if seconds >= _LONG_SECONDS and late > _GROWTH * early + _GROWTH_BYTES:
            text = f"expected at most twice {early >> 20} MB and 50 MB more, got {late >> 20} MB"
            self.violations.add("memory", text)
        callers = (*self._callers, *self._nested_callers)
        return Outcome(
            seed=self.seed,
            seconds=seconds,
            calls=sum((caller.outcomes for caller in callers), Counter()),
            operations=self._history.operations,
            requests=self._listings.requests,
            callbacks=self._listings.callbacks,
            arrived=self._receiver.came.total(),
            nested=self._nested.advances,
            disturbed=sum((each.done for each in self._disturbers), Counter()),
            memory=(early, late),
        )


def run(seed: int, seconds: float, violations: Violations) -> Outcome:
    receiver = Receiver(seed)
    try:
        with served(seed) as process:
            return Run(seed, process, receiver, violations).go(seconds)
    finally:
        receiver.close()


def third_and_end(memory: list[tuple[float, int]]) -> tuple[int, int]:
    """Return how many bytes were resident after the first third of the time, and at the end."""
    if not memory:
        return 0, 0
    third = memory[0][0] + (memory[-1][0] - memory[0][0]) / 3
    early = next(size for moment, size in memory if moment >= third)
    return early, memory[-1][1]
