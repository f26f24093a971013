"""Norms: what is asked of a client, each with the clock it is judged by and where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What fails against the real service, and what only wears on it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Norm:
    """`broken` says when it is, `advice` what a good client does, `source` why these limits."""

    rule: str
    severity: Severity
    broken: str
    clock: str
    advice: str
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A norm that was broken: by whom, how, and by which requests or callbacks (their ids)."""

    rule: str
    severity: Severity
    sentence: str
    evidence: tuple[str, ...]
    advice: str


# Official SDKs wait 300 ms or more before a first retry (volcengine-python-sdk 5.0.54; Tencent's
# 1 s), volcengine-go-sdk from 30 ms on, and 500 ms where it is throttled. The first is assumed.
SOON_SECONDS = 0.1
THROTTLED_SECONDS = 0.3
# Assumed: what comes later is a new try, of somebody who thought about it.
RETRY_SECONDS = 60
# Assumed: so many retries show whether waits grow, and by how much they must; long ones need not.
RETRIES = 3
GROWTH = 1.5
PATIENT_SECONDS = 10
# Assumed: half of the vendor's patience is near its end, on a network that is not this machine.
NEAR = 0.5
# The time for which Tencent's callbacks are signed in every sample; later, to refuse is right.
SIGNED_SECONDS = 600
# Assumed: no vendor says how often to ask, nor when to stop waiting for a callback.
UNASKED_SECONDS = 60
ASKING_SECONDS = 1.0
ASKINGS = 4
# Assumed: as long as for a callback.
FETCHED_SECONDS = 60
COUNTED_SECONDS = 60
# Assumed: what is begun sooner is a retry.
BEGUN_SECONDS = 60

_LONGER = "the longer of real time and the namespace's"
_REAL = "real"
_NAMESPACES = "the namespace's"
_NONE = "none"

NORMS: Mapping[str, Norm] = {
    norm.rule: norm
    for norm in (
        Norm(
            "retry-hopeless",
            Severity.ERROR,
            "the same call again, within a minute, after a refusal that only another call mends: "
            "a wrong parameter, signature, key or region, a missing permission, arrears; or dated "
            "wrongly twice",
            _LONGER,
            "Stop, and report the code: change the call, the key or the account, or set the clock.",
            "the causes in the specs; names of codes, assumed",
        ),
        Norm(
            "retry-too-soon",
            Severity.WARNING,
            f"the same call again less than {SOON_SECONDS:g} s after a failure",
            _LONGER,
            "Wait before a retry, and longer before each further one.",
            "official SDKs wait 300 ms or more, one of them from 30 ms on; the limit is assumed",
        ),
        Norm(
            "retry-without-backoff",
            Severity.WARNING,
            f"{RETRIES} or more retries of a call whose waits, all below {PATIENT_SECONDS} s, "
            f"never grow to {GROWTH:g} times the first",
            _LONGER,
            "Double the wait at each retry, with some chance in it, up to a limit.",
            "SDKs of Tencent and Volcengine double their waits; the limits are assumed",
        ),
        Norm(
            "throttle-ignored",
            Severity.ERROR,
            f"the same call again less than {THROTTLED_SECONDS:g} s after a refusal for too many",
            _LONGER,
            "Wait for the next second at least, and make fewer calls at a time.",
            "Tencent's rate limits ask for a delayed retry; the shortest wait of an official SDK "
            "(volcengine-python-sdk)",
        ),
        Norm(
            "creation-repeated",
            Severity.ERROR,
            "a call that creates again after its answer was lost, with no query between; "
            "where the call names the task itself, only under another name",
            _LONGER,
            "Ask first whether it was created (Describe…, Get…, List…), or wait for its callback.",
            "ICE has no ClientToken; of the others, too, no page says that a call may be repeated",
        ),
        Norm(
            "bad-signature-accepted",
            Severity.ERROR,
            "200 to a callback whose signature a fault had made wrong",
            _NONE,
            "Verify every callback before anything else, and answer 401 or 403 if it is wrong.",
            "each vendor's callback guide says how to verify",
        ),
        Norm(
            "expired-signature-accepted",
            Severity.WARNING,
            "200 to a callback whose signature a fault had dated long ago",
            _NONE,
            "Refuse what was signed long ago: it may be somebody's replay.",
            "TIW and Live send when a signature expires; of the others it is assumed",
        ),
        Norm(
            "callback-refused",
            Severity.ERROR,
            f"a 4xx, other than 408 and 429 and within {SIGNED_SECONDS} s, to a callback with "
            "whose signature nothing was wrong, of whatever task, type, order or number",
            _NONE,
            "Answer 200 to all that is rightly signed, known or not, and sort it out afterwards.",
            "only 200 is success, in each vendor's callback guide: what is refused is sent again, "
            "and given up",
        ),
        Norm(
            "old-key-refused",
            Severity.WARNING,
            f"a 4xx, other than 408 and 429 and within {SIGNED_SECONDS} s, to a callback that a "
            "fault had signed with the key before",
            _NONE,
            "Accept the old key beside the new one until the last retry is over.",
            "no vendor says from when on a changed key counts; assumed",
        ),
        Norm(
            "callback-too-late",
            Severity.ERROR,
            "no answer to a callback within the vendor's time-out",
            _REAL,
            "Answer 200 at once and do the work afterwards.",
            "each vendor's callback guide",
        ),
        Norm(
            "callback-slow",
            Severity.WARNING,
            f"an answer to a callback that took {NEAR:.0%} of the vendor's time-out or more",
            _REAL,
            "Answer 200 at once and do the work afterwards.",
            "the time-out: each vendor's callback guide; the share is assumed",
        ),
        Norm(
            "never-asked",
            Severity.ERROR,
            "a task that ended, whose callbacks were lost, late, about another task or all failed, "
            f"and which nobody asked for in the {UNASKED_SECONDS} s after",
            _NAMESPACES,
            "Ask for a task whose callback does not come in time; callbacks may be lost.",
            "TIW's FAQ advises to ask where a callback is late; the time is assumed",
        ),
        Norm(
            "asked-too-often",
            Severity.WARNING,
            f"{ASKINGS} or more queries of one task in a row, each less than {ASKING_SECONDS:g} s "
            "after the one before; a clock that stands says nothing",
            _NAMESPACES,
            "Ask every few seconds, less often the longer it takes, and let callbacks tell.",
            "assumed",
        ),
        Norm(
            "result-given-up",
            Severity.ERROR,
            "a result that a fault had missing or expired, and that was fetched once, and not "
            f"again in the {FETCHED_SECONDS} s after",
            _NAMESPACES,
            "Try again after a moment, where it is expired at a new address, and say what is "
            "missing.",
            "object storage answers 404 and 403; the time is assumed",
        ),
        Norm(
            "expired-address-retried",
            Severity.WARNING,
            "a result fetched again after a fault had its address expired, with no query between",
            _NONE,
            "Ask for a new address (Get…, Describe…); the old one never opens again.",
            "ICE's addresses open for a while (GetSnapshotUrls)",
        ),
        Norm(
            "partial-accepted",
            Severity.WARNING,
            "a task that ended without some of its results, as a fault had it, and whose action "
            f"was not called in the {COUNTED_SECONDS} s after",
            _NAMESPACES,
            "Count what came against what you expected, and ask again for what is missing.",
            "assumed",
        ),
        Norm(
            "started-twice",
            Severity.WARNING,
            "equal calls of an action whose tasks go on until they are stopped, the next while the "
            "one before goes on",
            _NAMESPACES,
            "Keep what was started, and wait a while before a stream that broke off counts as "
            "ended.",
            "each task is paid for; assumed",
        ),
        Norm(
            "started-for-nobody",
            Severity.WARNING,
            "calls equal but for the task's name, each of which starts a task where nobody is, "
            f"{BEGUN_SECONDS} s or more apart",
            _NAMESPACES,
            "Take the end of a task in an empty room for what it is, and wait for somebody.",
            "RTC's MaxIdleTime, TIW's AutoStopTimeout; the time is assumed",
        ),
    )
}


def found(rule: str, sentence: str, evidence: tuple[str, ...]) -> Finding:
    norm = NORMS[rule]
    return Finding(rule, norm.severity, sentence, evidence, norm.advice)
