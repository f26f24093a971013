"""What becomes of each scenario: who copes, who does not, and what is said of the latter.

A careless client is the good one but for a habit or two: those that the scenario's `why` warns of.
What no server can see of a client, such as what it makes of an event that it was told twice, is
rehearsed with a carelessness that has the same cause and can be seen. Where both come to the same
end, they differ in their manners only.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from tests.rehearsal import flows
from tests.rehearsal.application import Application, End
from tests.rehearsal.habits import NEVER, Habits, but


class Row(NamedTuple):
    """`said` are the rules of conduct that the careless one breaks; nothing is said of the good.

    `patience_seconds` are real: how long the first answer is waited for. Where nothing
    `calls_back`, the application has to ask.
    """

    flow: Callable[[Application], None]
    good: End
    careless: Habits
    bad: End
    said: Set[str]
    patience_seconds: float = 10
    calls_back: bool = True


WAITS_FOR_EVER = but(asks_after=NEVER, has_a_deadline=False)
ASKS_ALL_THE_TIME = but(asks_after=(0.5,) * 20, has_a_deadline=False)
RETRIES_AT_ONCE = but(pauses=(0, 0))
WHOLE = End(got=3, tasks=1)

ROWS: Mapping[str, Row] = {
    "arrears-mid-class": Row(
        flows.long_class,
        End(6, tasks=2, in_vain=1),
        but(heeds_refusals=False),
        End(6, tasks=2, in_vain=10),
        {"retry-hopeless"},
    ),
    # It answers 404 to an id that nobody has stored yet, and is told again, to its surprise.
    "callback-before-response": Row(
        flows.whiteboard,
        WHOLE,
        but(keeps_what_it_does_not_know=False),
        End(3, tasks=1, in_vain=1),
        {"callback-refused"},
    ),
    "callback-content-type": Row(
        flows.whiteboard,
        WHOLE,
        but(goes_by_the_body=False, asks_after=NEVER, has_a_deadline=False),
        End(0, tasks=1, in_vain=6, problem="late"),
        {"callback-refused", "never-asked"},
    ),
    # Work that is done twice is the receiver's inside; that it takes the second for a conflict
    # is seen.
    "callback-doubled": Row(
        flows.film,
        WHOLE,
        but(forgives_old_news=False),
        End(3, tasks=1, in_vain=3),
        {"callback-refused"},
    ),
    "callback-forged": Row(
        flows.film,
        End(3, tasks=1, in_vain=3),
        but(verifies=False),
        End(3, tasks=1, fooled=1),
        {"bad-signature-accepted"},
    ),
    "callback-late": Row(
        flows.whiteboard,
        WHOLE,
        WAITS_FOR_EVER,
        End(0, tasks=1, problem="late"),
        {"never-asked"},
    ),
    "callback-lost": Row(
        flows.whiteboard,
        WHOLE,
        WAITS_FOR_EVER,
        End(0, tasks=1, problem="late"),
        {"never-asked"},
    ),
    "callback-replayed": Row(
        flows.film,
        End(3, tasks=1, in_vain=3),
        but(checks_the_age=False),
        End(3, tasks=1, fooled=1),
        {"expired-signature-accepted"},
    ),
    "callback-retries-exhausted": Row(
        flows.films,
        End(9, tasks=3),
        WAITS_FOR_EVER,
        End(0, tasks=3, problem="late"),
        {"never-asked"},
    ),
    "callback-stray": Row(
        flows.whiteboard,
        WHOLE,
        but(keeps_what_it_does_not_know=False, asks_after=NEVER, has_a_deadline=False),
        End(0, tasks=1, in_vain=6, problem="late"),
        {"callback-refused", "never-asked"},
    ),
    # Who goes by arrival is not seen from outside, unless he refuses what cannot follow.
    "callbacks-reordered": Row(
        flows.recording,
        End(1, tasks=1),
        but(forgives_old_news=False),
        End(1, tasks=1, in_vain=6),
        {"callback-refused"},
    ),
    "captive-proxy": Row(
        flows.whiteboard,
        End(3, tasks=1, in_vain=2),
        but(pauses=(0,)),
        End(0, tasks=0, in_vain=2, problem="HTTP 502, and no answer of tencent's"),
        {"retry-too-soon"},
    ),
    "clock-skew": Row(
        flows.whiteboard,
        End(3, tasks=1, in_vain=1),
        but(corrects_its_clock=False),
        End(0, tasks=0, in_vain=10, problem="AuthFailure.SignatureExpire"),
        {"retry-hopeless"},
    ),
    "finished-in-silence": Row(
        flows.film,
        WHOLE,
        WAITS_FOR_EVER,
        End(0, tasks=1, problem="late"),
        {"never-asked"},
    ),
    "gateway-flaky": Row(
        flows.whiteboards,
        End(30, tasks=10, in_vain=3),
        RETRIES_AT_ONCE,
        End(30, tasks=10, in_vain=3),
        {"retry-too-soon"},
    ),
    "idempotent-restart": Row(
        flows.room,
        End(1, tasks=1, in_vain=1),
        but(names_its_tasks=False),
        End(1, tasks=2, in_vain=1),
        {"creation-repeated"},
    ),
    "internal-error-once": Row(
        flows.whiteboard,
        End(3, tasks=1, in_vain=1),
        RETRIES_AT_ONCE,
        End(3, tasks=1, in_vain=1),
        {"retry-too-soon"},
    ),
    "key-disabled": Row(
        flows.whiteboard,
        End(0, tasks=0, in_vain=1, problem="AuthFailure.SecretIdNotFound"),
        but(heeds_refusals=False),
        End(0, tasks=0, in_vain=10, problem="AuthFailure.SecretIdNotFound"),
        {"retry-hopeless"},
    ),
    "key-rotated-in-flight": Row(
        flows.rotation,
        WHOLE,
        but(keeps_the_old_key=False),
        End(3, tasks=1, in_vain=3),
        {"old-key-refused"},
    ),
    "malformed-json-once": Row(
        flows.film,
        End(3, tasks=1, in_vain=1),
        but(looks_before_repeating=False),
        End(3, tasks=2, in_vain=1),
        {"creation-repeated"},
    ),
    "no-answer": Row(
        flows.film,
        End(3, tasks=1, in_vain=1),
        but(looks_before_repeating=False),
        End(3, tasks=2, in_vain=1),
        {"creation-repeated"},
        patience_seconds=0.5,
    ),
    "not-activated": Row(
        flows.whiteboard,
        End(0, tasks=0, in_vain=1, problem="ResourceUnavailable.NotRegistered"),
        but(heeds_refusals=False),
        End(0, tasks=0, in_vain=10, problem="ResourceUnavailable.NotRegistered"),
        {"retry-hopeless"},
    ),
    "permission-missing": Row(
        flows.whiteboard,
        End(0, tasks=0, in_vain=1, problem="UnauthorizedOperation"),
        but(heeds_refusals=False),
        End(0, tasks=0, in_vain=10, problem="UnauthorizedOperation"),
        {"retry-hopeless"},
    ),
    "quota-reached": Row(
        flows.recording,
        End(1, tasks=1, in_vain=3),
        RETRIES_AT_ONCE,
        End(0, tasks=0, in_vain=3, problem="LimitExceeded.TaskConcurrency"),
        {"throttle-ignored"},
    ),
    "region-down": Row(
        flows.whiteboard,
        End(3, tasks=1, in_vain=9),
        but(pauses=(1, 1, 1, 1, 1)),
        End(0, tasks=0, in_vain=6, problem="HTTP 503, and no answer of tencent's"),
        {"retry-without-backoff"},
    ),
    "reset-unread": Row(
        flows.room,
        End(1, tasks=1, in_vain=1),
        RETRIES_AT_ONCE,
        End(1, tasks=1, in_vain=1),
        {"retry-too-soon"},
    ),
    "result-expired": Row(
        flows.film,
        WHOLE,
        but(asks_for_new_addresses=False),
        WHOLE,
        {"expired-address-retried"},
    ),
    "result-missing": Row(
        flows.whiteboard,
        WHOLE,
        but(fetches_again=False, counts=False),
        End(2, tasks=1),
        {"result-given-up"},
    ),
    "room-emptied": Row(
        flows.room_that_empties,
        End(12, tasks=1),
        but(stops_in_an_empty_room=False),
        End(12, tasks=1, problem="the task ended by itself"),
        {"started-for-nobody"},
    ),
    "slow-success": Row(
        flows.film,
        End(3, tasks=1, in_vain=1),
        but(looks_before_repeating=False),
        End(3, tasks=2, in_vain=1),
        {"creation-repeated"},
        patience_seconds=0.5,
    ),
    "snapshot-partial": Row(
        flows.long_whiteboard,
        End(4, tasks=2),
        but(counts=False),
        End(2, tasks=1),
        {"partial-accepted"},
    ),
    "stream-flaps": Row(
        flows.stream,
        End(11, tasks=1),
        but(waits_out_a_flap=False),
        End(30, tasks=3, in_vain=9, problem="LimitExceeded.MaximumRunningTask"),
        {"started-twice", "retry-without-backoff"},
    ),
    # Taking acceptance for success is the application's inside; waiting on for pictures is seen.
    "task-fails-after-acceptance": Row(
        flows.whiteboard,
        End(0, tasks=1, problem="InternalErr"),
        replace(ASKS_ALL_THE_TIME, sees_failures=False),
        End(0, tasks=1, problem="late"),
        {"asked-too-often"},
        calls_back=False,
    ),
    "task-slow": Row(
        flows.whiteboard,
        WHOLE,
        ASKS_ALL_THE_TIME,
        End(0, tasks=1, problem="late"),
        {"asked-too-often"},
    ),
    "task-stuck": Row(
        flows.whiteboard,
        End(3, tasks=2),
        ASKS_ALL_THE_TIME,
        End(0, tasks=1, problem="late"),
        {"asked-too-often"},
    ),
    "throttled-burst": Row(
        flows.whiteboard,
        End(3, tasks=1, in_vain=5),
        RETRIES_AT_ONCE,
        End(0, tasks=0, in_vain=3, problem="RequestLimitExceeded"),
        {"throttle-ignored"},
    ),
    "token-expires-before-poll": Row(
        flows.whiteboard,
        End(3, tasks=1, in_vain=1),
        but(renews_its_token=False),
        End(3, tasks=1, in_vain=1),
        {"retry-hopeless"},
        calls_back=False,
    ),
    "truncated-answer": Row(
        flows.film,
        End(3, tasks=1, in_vain=1),
        but(looks_before_repeating=False),
        End(3, tasks=2, in_vain=1),
        {"creation-repeated"},
    ),
}
