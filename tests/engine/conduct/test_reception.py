"""How a client takes callbacks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from emulator.engine.conduct import Finding, Observed, report
from emulator.model.callback import Attempt, Delivery, DeliveryRules
from tests.engine.test_agenda import callback
from tests.server import START

RULES = DeliveryRules(10, (5, 5))
NO_ANSWER = "no answer within 10 s"


def findings(*attempts: Attempt, fault: str = "") -> tuple[Finding, ...]:
    delivery = Delivery(callback(RULES), 1, attempts, fault=fault)
    return report(Observed(START, deliveries=[delivery]))


def attempt(status: int, seconds: float = 0.01, problem: str = "") -> Attempt:
    return Attempt(1, START, status, problem, seconds=seconds)


def test_a_badly_signed_callback_that_is_answered_200_was_accepted() -> None:
    (finding,) = findings(attempt(200), fault="callback-bad-signature")

    assert (finding.rule, finding.severity) == ("bad-signature-accepted", "error")
    assert finding.evidence == ("1",)
    assert finding.sentence == (
        "volcengine Something of task whose signature was wrong, was answered 200"
    )


def test_an_outdated_callback_that_is_answered_200_is_a_warning() -> None:
    (finding,) = findings(attempt(200), fault="callback-expired-signature")

    assert (finding.rule, finding.severity) == ("expired-signature-accepted", "warning")


@pytest.mark.parametrize("status", [400, 401, 403, 500, 0])
def test_who_refuses_a_badly_signed_callback_behaves(status: int) -> None:
    assert findings(attempt(status), fault="callback-bad-signature") == ()


@pytest.mark.parametrize("fault", ["", "callback-old-key", "callback-late", "callback-doubled"])
def test_what_is_rightly_signed_may_be_accepted(fault: str) -> None:
    assert findings(attempt(200), fault=fault) == ()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 415, 422])
@pytest.mark.parametrize(
    "fault",
    ["", "callback-content-type", "callback-doubled", "callback-late", "callback-stray"],
)
def test_who_refuses_what_is_rightly_signed_loses_it(fault: str, status: int) -> None:
    (finding,) = findings(attempt(status), attempt(status), fault=fault)

    assert (finding.rule, finding.severity) == ("callback-refused", "error")
    assert finding.sentence == (
        "volcengine Something of task with whose signature nothing was wrong, "
        f"was answered {status}, 2 times"
    )


def test_who_refuses_the_key_before_is_warned() -> None:
    (finding,) = findings(attempt(403), fault="callback-old-key")

    assert (finding.rule, finding.severity) == ("old-key-refused", "warning")
    assert "signed with the key before, was answered 403" in finding.sentence


@pytest.mark.parametrize("status", [0, 301, 408, 429, 500, 503])
def test_who_is_not_able_to_take_a_callback_refuses_none(status: int) -> None:
    assert findings(attempt(status)) == ()


@pytest.mark.parametrize(("seconds", "rules"), [(599, ["callback-refused"]), (600, [])])
def test_what_comes_ten_minutes_late_may_be_taken_for_a_replay(
    seconds: float, rules: list[str]
) -> None:
    late = replace(attempt(403), at=START + timedelta(seconds=seconds))

    assert [each.rule for each in findings(late, fault="callback-late")] == rules


def test_who_refuses_an_outdated_callback_behaves() -> None:
    assert findings(attempt(403), fault="callback-expired-signature") == ()


def test_who_does_not_answer_in_time_is_too_late() -> None:
    late = attempt(0, 10.01, NO_ANSWER)

    (finding,) = findings(late, late)

    assert (finding.rule, finding.severity) == ("callback-too-late", "error")
    assert finding.sentence.endswith("was not answered within 10 s, 2 times")


def test_who_answers_near_the_end_of_the_time_is_slow() -> None:
    (finding,) = findings(attempt(200, 5.2))

    assert (finding.rule, finding.severity) == ("callback-slow", "warning")
    assert "after 5.2 s of the 10 s" in finding.sentence


@pytest.mark.parametrize("seconds", [0, 0.5, 4.9])
def test_who_answers_soon_behaves(seconds: float) -> None:
    assert findings(attempt(200, seconds)) == ()


def test_a_receiver_that_is_not_there_is_not_slow() -> None:
    assert findings(attempt(0, 0.01, "All connection attempts failed")) == ()
