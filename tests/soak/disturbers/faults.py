"""Rules that are added, switched off and on, and removed."""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from tests.soak.disturbers.asking import Disturber
from tests.soak.rule_times import RuleTimes

_STAY_SECONDS, _BETWEEN_SECONDS, _OFF_SECONDS = (0.3, 1.5), (0.5, 2.0), 0.2
_SWITCHED = 0.3

Rule = Mapping[str, Any]


def disturb(disturber: Disturber, rule_times: RuleTimes) -> None:
    """Add some rules, remove them after a while, and wait without rules."""
    chance, namespace = disturber.chance, disturber.namespace
    rules = [dict(chance.choice(RULES), name=f"soak-{number}") for number in range(1, 4)]
    names = [rule["name"] for rule in rules]
    rule_times.begin()
    disturber.ask("rules added", lambda: namespace.add_rules(*rules), ())
    time.sleep(chance.uniform(*_STAY_SECONDS))
    if chance.random() < _SWITCHED:
        disturber.ask("rule switched", partial(namespace.switch_rule, names[0], is_on=False))
        time.sleep(_OFF_SECONDS)
        disturber.ask("rule switched", partial(namespace.switch_rule, names[0], is_on=True))
    for name in names:
        disturber.ask("rule removed", partial(namespace.remove_rule, name))
    rule_times.end()
    time.sleep(chance.uniform(*_BETWEEN_SECONDS))


_ANSWERS: Sequence[Rule] = (
    {"fault": "throttle", "probability": 0.4},
    {"fault": "refuse", "vendor": "tencent", "code": "InternalError", "force": True, "times": 9},
    {"fault": "refuse", "vendor": "alibaba", "code": "InternalError", "force": True, "times": 9},
    {"fault": "refuse", "vendor": "volcengine", "code": "InternalError", "force": True, "every": 2},
    {"fault": "account-denied", "state": "arrears", "probability": 0.3},
    {"fault": "key-disabled", "times": 5},
    {"fault": "permission-missing", "every": 3},
    {"fault": "latency", "seconds": 0.1, "probability": 0.5},
    {"fault": "slow-body", "bytes_per_second": 4000, "every": 4},
    {"fault": "truncated-body", "probability": 0.3},
    {"fault": "wrong-length", "by": 5, "probability": 0.3},
    {"fault": "wrong-length", "by": -5, "probability": 0.3},
    {"fault": "reset", "when": "before", "probability": 0.3},
    {"fault": "reset", "when": "after", "probability": 0.3},
    {"fault": "empty-reply", "probability": 0.4},
    {"fault": "malformed-json", "probability": 0.4},
    {"fault": "proxy-page", "probability": 0.3},
    {"fault": "bad-gateway", "status": 504, "probability": 0.3},
    {"fault": "outage", "product": "tiw"},
    {"fault": "outage", "product": "rtc", "apart_seconds": 0.1},
)

_TASKS: Sequence[Rule] = (
    {"fault": "task-slow", "seconds": 1, "probability": 0.5},
    {"fault": "task-stuck", "action": "CreateSnapshotTask", "times": 1},
    {"fault": "task-fails", "action": "CreateSnapshotTask", "probability": 0.5},
    {"fault": "task-fails", "action": "CreateVideoGenerationTask", "probability": 0.5},
    {"fault": "task-fails", "action": "SubmitSnapshotJob", "probability": 0.5},
    {"fault": "task-partial"},
    {"fault": "task-silent", "probability": 0.5},
    {"fault": "callback-early", "action": "CreateSnapshotTask", "probability": 0.7},
    {"fault": "callback-early", "action": "SubmitSnapshotJob", "probability": 0.7},
)

_CALLBACKS: Sequence[Rule] = (
    {"fault": "callback-lost", "probability": 0.3},
    {"fault": "callback-late", "seconds": 1, "probability": 0.5},
    {"fault": "callback-doubled", "copies": 3, "probability": 0.5},
    {"fault": "callback-reordered", "probability": 0.5},
    {"fault": "callback-bad-signature", "probability": 0.5},
    {"fault": "callback-content-type", "probability": 0.5},
    {"fault": "callback-stray", "probability": 0.3},
)

_ELSEWHERE: Sequence[Rule] = (
    {"fault": "result-missing", "times": 1},
    {"fault": "stream-interrupted", "place": "rtc/soak-a/room-1", "seconds": 1},
)

RULES = (*_ANSWERS, *_TASKS, *_CALLBACKS, *_ELSEWHERE)
"""None of them ends an RTC task: the model knows only calls that do."""
