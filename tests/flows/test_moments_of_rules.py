"""What goes wrong at a moment: outages, streams that break off, rooms that empty."""

import pytest

from emulator.model.fault import Interrupted, Lost, Outage, Throttle, Vacated
from emulator.model.rule import Rule, When
from tests.flows.faults import Incident, told_of
from tests.flows.live import PLACE as STREAM
from tests.flows.test_rtc import PLACE as ROOM
from tests.flows.tiw import PLACE as CLASS

BEGUN, ENDED = 1, 0
OUTAGE = When(product="tiw", from_seconds=10, until_seconds=310)
# A snapshot that is asked for just before is told of when the product is down.
SOON = When(from_seconds=1, until_seconds=60)


@pytest.fixture
def incident() -> Incident:
    return Incident()


# Outages.


def test_callbacks_of_a_product_that_is_down_are_held_and_come_all_at_once(
    incident: Incident,
) -> None:
    incident.load(Outage(), when=OUTAGE)
    ids = []
    for seconds in (7, 2, 0.5, 301, 60):
        ids.append(incident.snapshot())
        incident.advance(seconds)

    assert [told_of(arrival) for arrival in incident.arrivals] == ids
    assert incident.moments == [2, 9, 310, 310, 312.5]
    assert incident.hits == [2]
    assert [fate[1] for fate in incident.fates] == ["", "", "outage", "outage", ""]


def test_what_was_held_comes_one_after_another_where_the_rule_says_so(incident: Incident) -> None:
    incident.load(Outage(apart_seconds=5), when=SOON)

    for _ in range(3):
        incident.snapshot()
    incident.advance(100)

    assert incident.moments == [60, 65, 70]


def test_retries_of_a_product_that_is_down_are_held_too(incident: Incident) -> None:
    incident.status = 500
    incident.load(Outage(), when=When(from_seconds=10, until_seconds=60))

    incident.snapshot()
    incident.advance(200)

    assert incident.moments == [2, 7, 60, 65, 70, 75]
    assert incident.fates == [("given up", "outage", 6)]


def test_other_products_and_regions_go_on(incident: Incident) -> None:
    incident.load(Outage(), when=SOON.but(vendor="tencent", region="ap-guangzhou"))

    incident.snapshot(region="ap-guangzhou")
    incident.snapshot(region="ap-singapore")
    incident.customer.submit()
    incident.advance(100)

    assert incident.moments == [2, 2, 60]
    assert incident.hits == [1]


def test_what_was_held_may_go_wrong_when_it_comes(incident: Incident) -> None:
    incident.load(Outage(), when=SOON)
    with incident.emulator.agenda.turn:
        incident.emulator.agenda.load_rules([Rule("lost", Lost(), When(numbers=(2,)))])

    for _ in range(3):
        incident.snapshot()
    incident.advance(100)

    assert incident.moments == [60, 60]
    faults = [fate[1] for fate in incident.fates]
    assert faults == ["outage", "outage, callback-lost", "outage"]


def test_a_rule_that_is_removed_lets_go_what_it_held(incident: Incident) -> None:
    incident.load(Outage(), when=When(from_seconds=1))
    incident.snapshot()
    incident.advance(1000)
    before = incident.moments

    with incident.emulator.agenda.turn:
        incident.emulator.agenda.remove_rule("1")
    incident.advance(0)

    assert (before, incident.moments) == ([], [1000])


def test_what_is_held_is_sent_at_the_end_by_a_namespace_that_goes_on_from_a_snapshot(
    incident: Incident,
) -> None:
    incident.load(Outage(), when=When(from_seconds=1, until_seconds=100))
    incident.snapshot()
    incident.advance(60)
    document = incident.ask("GET", "/namespaces/default/snapshot?secrets=true").content

    answer = incident.ask("PUT", "/namespaces/default/snapshot", document)
    incident.emulator.agenda = incident.emulator.app.emulation.agendas["default"]
    incident.advance(30)
    before = incident.moments
    incident.advance(60)

    assert answer.status < 300, answer.text
    assert (before, incident.moments) == ([], [100])


# Streams that break off.


def told(incident: Incident) -> list[tuple[int, float]]:
    return [(each.content["event_type"], each.after) for each in incident.arrivals]


def test_a_stream_is_interrupted_and_pushed_again(incident: Incident) -> None:
    incident.live.stage((0, None))
    incident.load(Interrupted(STREAM, seconds=7), when=When(from_seconds=20))

    incident.advance(100)

    assert told(incident) == [(BEGUN, 0), (ENDED, 20), (BEGUN, 27)]
    assert incident.hits == [1]


def test_a_stream_flaps_until_the_rule_is_over(incident: Incident) -> None:
    incident.live.stage((0, None))
    fault = Interrupted(STREAM, seconds=4, every_seconds=10)
    incident.load(fault, when=When(from_seconds=10, until_seconds=35))

    incident.advance(100)

    ends = [after for event, after in told(incident) if event == ENDED]
    begins = [after for event, after in told(incident) if event == BEGUN]
    assert (ends, begins) == ([10, 20, 30], [0, 14, 24, 34])
    assert incident.hits == [3]


def test_a_stream_flaps_so_many_times(incident: Incident) -> None:
    incident.live.stage((0, None))
    fault = Interrupted(STREAM, seconds=4, every_seconds=10)
    incident.load(fault, when=When(times=2))

    incident.advance(1000)

    assert [after for event, after in told(incident) if event == ENDED] == [0, 10]
    assert incident.hits == [2]


def test_a_stream_that_ends_within_its_interruption_stays_away(incident: Incident) -> None:
    incident.live.stage((0, 25))
    incident.load(Interrupted(STREAM, seconds=10), when=When(from_seconds=20))

    incident.advance(100)

    assert told(incident) == [(BEGUN, 0), (ENDED, 20)]


def test_streams_that_nobody_set_are_interrupted_too(incident: Incident) -> None:
    incident.load(Interrupted(ROOM, seconds=10), when=When(from_seconds=4))
    incident.room.start(ImageConfig={"Interval": 2})

    incident.advance(20)

    # It looks every two seconds, and sees nobody from the fourth to the fourteenth.
    assert {moment for moment in incident.moments if 4 <= moment < 14} == set()
    assert {0, 2, 14, 16} <= set(incident.moments)


# Rooms that empty.


def test_a_room_is_vacated_and_its_recording_stops_by_itself(incident: Incident) -> None:
    incident.classroom.publishes(("ann", 0, None), ("ben", 0, None))
    incident.load(Vacated(CLASS), when=When(from_seconds=60))

    task_id = incident.classroom.start(AutoStopTimeout=300)
    incident.advance(600)

    shown = incident.classroom.recording(task_id)
    assert (shown["Status"], shown["FinishReason"]) == ("FINISHED", "AUTO")
    assert incident.hits == [1]


def test_one_user_leaves_and_the_others_stay(incident: Incident) -> None:
    incident.room.publishes(("ann", 0, None), ("ben", 0, None))
    incident.load(Vacated(ROOM, user="ben"), when=When(from_seconds=3))

    incident.room.start(ImageConfig={"Interval": 2})
    incident.advance(7)

    assert incident.moments == [0, 0, 2, 2, 4, 6]


# Rules that come and go.


def test_a_rule_that_is_off_at_its_moment_does_nothing(incident: Incident) -> None:
    incident.live.stage((0, None))
    fault = Interrupted(STREAM, seconds=2, every_seconds=10)
    incident.load(fault, when=When(from_seconds=10))
    agenda = incident.emulator.agenda

    with agenda.turn:
        agenda.faults.switch("1", is_on=False)
    incident.advance(15)
    with agenda.turn:
        agenda.faults.switch("1", is_on=True)
    incident.advance(10)

    assert [after for event, after in told(incident) if event == ENDED] == [20]
    assert incident.hits == [1]


def test_a_rule_in_the_place_of_another_has_its_own_moments(incident: Incident) -> None:
    incident.live.stage((0, None))
    incident.load(Interrupted(STREAM), when=When(from_seconds=10))

    incident.load(Interrupted(STREAM), when=When(from_seconds=30))
    incident.advance(100)

    assert [after for event, after in told(incident) if event == ENDED] == [30]
    assert incident.hits == [1]


def test_the_moments_of_rules_are_on_the_timeline(incident: Incident) -> None:
    incident.load(Outage(), Throttle(), Interrupted(STREAM), when=OUTAGE)

    events = incident.ask("GET", "/timeline").content["events"]

    assert [(each["what"], each["rule"]) for each in events] == [("rule", "3"), ("rule", "1")]
