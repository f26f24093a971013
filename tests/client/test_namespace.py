"""The client, against a server that runs."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from contract_tests.signers import Signer
from emulator.client import AdminProblem, Namespace, NoMatch, Receiver, Server
from tests.server import Running, running

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}


def call(
    running: Running,
    namespace: Namespace,
    action: str = "CreateSnapshotTask",
    secret: str = "",
    **changes: object,
) -> Mapping[str, Any]:
    """Call TIW with the namespace's key, or another secret, and return the answer."""
    key = namespace.key("tencent")
    signer = Signer(running.endpoint, datetime.now(UTC), key_id=key.id, secret=secret or key.secret)
    answer = running.send(signer.tencent_v3(action, "2019-09-19", {**SNAPSHOT, **changes}))
    content: Mapping[str, Any] = json.loads(answer.body)["Response"]
    return content


# Servers and namespaces.


def test_a_namespace_is_made_found_and_deleted(here: Server) -> None:
    made = here.create("made-here", seed=7)
    found = here.namespace("made-here")
    made.delete()

    assert (found.name, found.seed, found.keys) == ("made-here", 7, made.keys)
    assert "made-here" not in here.namespaces()


def test_a_name_is_made_up_where_none_is_given(here: Server) -> None:
    one, two = here.create(), here.create()
    one.delete()
    two.delete()

    assert one.name != two.name


def test_the_default_namespace_has_the_key_test_at_every_vendor(here: Server) -> None:
    default = here.default

    assert {(key.vendor, key.id, key.secret) for key in default.keys} == {
        (vendor, "test", "test") for vendor in ("tencent", "alibaba", "volcengine")
    }


def test_what_is_not_there_is_a_problem_with_its_name(here: Server) -> None:
    with pytest.raises(AdminProblem, match="nowhere") as caught:
        here.namespace("nowhere")

    assert caught.value.status == 404


def test_a_key_of_a_vendor_that_there_is_not_is_told_with_those_there_are(
    namespace: Namespace,
) -> None:
    with pytest.raises(ValueError, match="tencent, alibaba, volcengine"):
        namespace.key("aws")


def test_what_the_client_shows_of_itself_says_which_it_is(
    here: Server, namespace: Namespace
) -> None:
    namespace.clock.hold(NOON)

    assert repr(here) == f"<Server {here.url}>"
    assert repr(namespace) == f"<Namespace {namespace.name} at {here.url}>"
    assert repr(namespace.clock) == "<Clock 2030-01-01T12:00:00+00:00, manual>"


# What came in, and what went out.


def test_requests_are_found_by_what_they_said(server: Running, namespace: Namespace) -> None:
    call(server, namespace)
    call(server, namespace, Whiteboard={"Width": 2561})

    (refused,) = namespace.requests(verdict="refused")
    (accepted,) = namespace.requests(parameters={"Whiteboard.Width": 640})

    assert (refused.code, accepted.verdict) == ("InvalidParameter", "accepted")
    assert [one.number for one in namespace.requests()] == [accepted.number, refused.number]


def test_waiting_for_a_request_returns_it(server: Running, namespace: Namespace) -> None:
    call(server, namespace)

    request = namespace.wait_for_request(action="CreateSnapshotTask", parameters={"RoomId": 12345})

    assert request.parameters["Whiteboard"]["Width"] == 640


def test_waiting_in_vain_shows_what_came_nearest(server: Running, namespace: Namespace) -> None:
    call(server, namespace)

    with pytest.raises(NoMatch) as caught:
        namespace.wait_for_request(
            action="CreateSnapshotTask",
            parameters={"Whiteboard.Width": 1280, "RoomId": 12345},
            timeout_seconds=0.01,
        )

    text = str(caught.value)
    assert "0 of 1 requests came within 0.01 s" in text
    assert "nearest: tencent CreateSnapshotTask accepted" in text
    assert "Whiteboard.Width: expected 1280, got 640" in text


def test_waiting_where_nothing_came_says_so(namespace: Namespace) -> None:
    with pytest.raises(NoMatch, match="no callback came at all"):
        namespace.wait_for_callback(event="SnapshotFinished", timeout_seconds=0.01)


def test_waiting_with_the_clock_held_takes_a_second_and_tells_what_is_kept_back(
    server: Running, namespace: Namespace
) -> None:
    task = call(server, namespace)["TaskID"]

    with pytest.raises(NoMatch) as caught:
        namespace.wait_for_callback(event="SnapshotFinished")

    assert str(caught.value).splitlines() == [
        "0 of 1 callbacks came within 1 s: event=SnapshotFinished",
        "no callback came at all",
        f"the clock is held: advance it; in 2 s: finish of tiw.snapshot {task}",
    ]


def test_where_no_callback_fits_what_a_held_clock_keeps_back_is_told(
    server: Running, namespace: Namespace
) -> None:
    task = call(server, namespace)["TaskID"]

    with pytest.raises(NoMatch) as caught:
        namespace.callback(event="SnapshotFinished")

    assert str(caught.value).splitlines() == [
        "no callback fits: event=SnapshotFinished",
        "no callback came at all",
        f"the clock is held: advance it; in 2 s: finish of tiw.snapshot {task}",
    ]


def test_of_a_callback_that_is_due_already_it_is_told_that_the_smallest_step_sends_it(
    server: Running, namespace: Namespace
) -> None:
    namespace.set_pace("immediate")
    call(server, namespace)

    with pytest.raises(NoMatch, match=r"the clock is held: advance\(0\) is enough; in 0 s: "):
        namespace.callback(state="delivered")
    namespace.clock.advance(0)

    assert namespace.callback(state="delivered").event == "SnapshotFinished"


def test_a_receiver_of_a_namespace_waits_a_second_where_its_clock_is_held(
    server: Running, namespace: Namespace, receiver: Receiver
) -> None:
    receiver.of(namespace)
    task = call(server, namespace)["TaskID"]

    with pytest.raises(AssertionError) as waited:
        receiver.wait()
    with pytest.raises(AssertionError) as looked:
        _ = receiver.last

    hint = f"the clock is held: advance it; in 2 s: finish of tiw.snapshot {task}"
    assert str(waited.value) == f"0 callbacks came to {receiver.url} in 1 s, expected 1\n{hint}"
    assert str(looked.value) == f"no callback came to {receiver.url}\n{hint}"


def test_a_receiver_of_a_namespace_with_real_time_waits_longer(namespace: Namespace) -> None:
    namespace.clock.release()

    assert namespace.wait_seconds() == 5
    assert namespace.wait_seconds(0.5) == 0.5


def test_a_receiver_whose_namespace_is_deleted_says_what_did_not_come(
    here: Server, receiver: Receiver
) -> None:
    namespace = here.create(clock="manual")
    receiver.of(namespace)
    namespace.delete()

    with pytest.raises(AssertionError, match=r"no callback came to http://[^\n]*$"):
        _ = receiver.last


def test_the_one_request_that_fits_is_found(server: Running, namespace: Namespace) -> None:
    call(server, namespace)
    wide = call(server, namespace, Whiteboard={"Width": 1280})

    by_width = namespace.request(parameters={"Whiteboard.Width": 1280})

    assert by_width == namespace.request(request_id=wide["RequestId"])
    with pytest.raises(NoMatch, match="2 requests fit, expected one: action=CreateSnapshotTask"):
        namespace.request(action="CreateSnapshotTask")
    with pytest.raises(NoMatch, match=r"parameters.Whiteboard.Width: expected 1, got"):
        namespace.request(parameters={"Whiteboard.Width": 1})


def test_that_no_request_came_is_asserted(server: Running, namespace: Namespace) -> None:
    call(server, namespace)

    namespace.assert_no_request(verdict="refused")
    with pytest.raises(NoMatch, match="1 request fits, expected none: any\n    tencent Create"):
        namespace.assert_no_request()


def test_that_no_request_came_is_not_asserted_of_a_name_that_nobody_has(
    namespace: Namespace,
) -> None:
    with pytest.raises(AdminProblem, match="did you mean 'CreateSnapshotTask'"):
        namespace.assert_no_request(action="CreateSnapshotTak")
    with pytest.raises(AdminProblem, match="did you mean 'SnapshotFinished'"):
        namespace.callbacks(event="SnapshotFinnished")
    with pytest.raises(AdminProblem, match=r"did you mean 'tiw\.snapshot'"):
        namespace.tasks("tiw.snapsot")
    with pytest.raises(AdminProblem, match="did you mean 'never-asked'"):
        namespace.assert_good_conduct(but=["never-askd"])


def test_a_search_for_a_field_that_there_is_not_names_the_nearest(namespace: Namespace) -> None:
    misspelt: dict[str, Any] = {"acton": "CreateSnapshotTask"}

    for search in (
        namespace.requests,
        namespace.request,
        namespace.assert_no_request,
        namespace.wait_for_request,
    ):
        with pytest.raises(TypeError, match=r"'acton'; did you mean 'action'\?"):
            search(**misspelt)
    with pytest.raises(TypeError, match=r"one of id, .*, not 'evnt'; did you mean 'event'\?"):
        namespace.callbacks(evnt="SnapshotFinished")  # type: ignore[call-arg]  # misspelt


def test_a_pace_that_there_is_not_is_told_with_the_nearest(namespace: Namespace) -> None:
    with pytest.raises(ValueError, match=r"timed, polls, held, not 'poll'; did you mean 'polls'\?"):
        namespace.set_pace("poll")  # type: ignore[arg-type]  # misspelt


def test_a_rule_that_there_is_not_is_told_with_the_nearest(namespace: Namespace) -> None:
    namespace.add_rules({"name": "lost", "fault": "callback-lost"})

    with pytest.raises(ValueError, match="no rule 'lots'; did you mean 'lost'"):
        namespace.rule("lots")


def test_the_one_callback_that_fits_is_found(server: Running, namespace: Namespace) -> None:
    first, second = (call(server, namespace)["TaskID"] for _ in range(2))
    namespace.clock.advance(60)

    callback = namespace.callback(task=second, event="SnapshotFinished")

    assert callback.content["EventData"]["TaskID"] == second
    with pytest.raises(NoMatch, match=f"(?s)2 callbacks fit, expected one.*of {first}"):
        namespace.callback(event="SnapshotFinished")
    with pytest.raises(NoMatch, match="id: expected 'nobody', got"):
        namespace.callback(id="nobody")


def test_callbacks_are_found_and_sent_again(
    server: Running, namespace: Namespace, receiver: Receiver
) -> None:
    receiver.answer(status=500, times=1)
    task = call(server, namespace)["TaskID"]
    namespace.clock.advance(60)

    callback = namespace.wait_for_callback(
        vendor="tencent", state="delivered", content={"EventData.TaskID": task}
    )
    again = namespace.resend(callback)

    assert namespace.callback(id=callback.id) == again
    assert [attempt.status for attempt in callback.attempts] == [500, 200]
    assert [attempt.status for attempt in again.attempts] == [500, 200, 200]
    assert len(receiver.received) == 3


def test_a_refusal_is_explained(server: Running, here: Server, namespace: Namespace) -> None:
    answer = call(server, namespace, secret="another")

    explained = here.explain(answer["RequestId"])
    (unverified,) = here.unverified(access_key_id=namespace.key("tencent").id)

    assert explained.request.code == "AuthFailure.SignatureFailure"
    assert "TC3-HMAC-SHA256" in explained.string_to_sign
    assert explained.sentence
    assert unverified.request_id == answer["RequestId"]


# Tasks and the world.


def test_a_task_is_held_and_released(server: Running, namespace: Namespace) -> None:
    task = call(server, namespace)["TaskID"]

    held = namespace.hold(task)
    namespace.clock.advance(60)
    still = namespace.task(task)
    released = namespace.release(task)

    assert (held.is_held, still.is_ended) == (True, False)
    assert (released.is_held, released.is_ended) == (False, True)


def test_a_task_is_finished_at_once(server: Running, namespace: Namespace) -> None:
    task = call(server, namespace)["TaskID"]

    assert namespace.finish(task).is_ended
    assert [one.is_ended for one in namespace.tasks("tiw.snapshot")] == [True]


def test_a_task_fails_as_told(server: Running, namespace: Namespace) -> None:
    task = call(server, namespace)["TaskID"]

    assert namespace.fail(task).is_ended


def test_the_pace_is_set_for_a_kind(server: Running, namespace: Namespace) -> None:
    namespace.set_pace("immediate", kind="tiw.snapshot")
    task = call(server, namespace)["TaskID"]

    assert [(pace.kind, pace.mode) for pace in namespace.pace()] == [("tiw.snapshot", "immediate")]
    assert namespace.task(task).is_ended


def test_results_are_listed_and_fetched_by_their_url(
    server: Running, namespace: Namespace, receiver: Receiver
) -> None:
    namespace.set_scene(marks=[{"place": "tiw/1400000001/12345", "page": "#DEFAULT1"}])
    call(server, namespace)
    namespace.clock.advance(60)

    urls = receiver.last.content["EventData"]["Result"]["Snapshots"]

    assert namespace.fetch(urls[0]).startswith(b"\x89PNG")
    assert len(namespace.results()) == len(urls)


def test_what_comes_to_the_sink_is_shown(here: Server, namespace: Namespace) -> None:
    assert namespace.sink() == []
    assert namespace.sink("any/path") == []


def test_the_scene_is_set_and_shown(namespace: Namespace) -> None:
    place = "live/5000.live.push.com/live/lesson"

    namespace.set_scene(streams=[{"place": place, "user": "ann"}])

    assert [(one.place, one.user) for one in namespace.scene().streams] == [(place, "ann")]


def test_accounts_are_shown_and_set(server: Running, namespace: Namespace) -> None:
    key = namespace.key("tencent")
    namespace.set_accounts(
        {
            "vendor": "tencent",
            "id": key.account_id,
            "states": {"tiw": "arrears"},
            "keys": [{"id": key.id, "secret": key.secret}],
        }
    )

    answer = call(server, namespace)

    states = {account.vendor: account.states for account in namespace.accounts()}
    assert states["tencent"]["tiw"] == "arrears"
    assert "Error" in answer


# The namespace as a whole.


def test_a_reset_leaves_keys_and_takes_all_else(server: Running, namespace: Namespace) -> None:
    task = call(server, namespace)["TaskID"]

    namespace.reset()

    assert (namespace.tasks(), namespace.requests()) == ([], [])
    assert call(server, namespace)["TaskID"] == task  # the seed stays


def test_what_was_exported_is_restored(server: Running, namespace: Namespace) -> None:
    task = call(server, namespace)["TaskID"]
    document = namespace.export(secrets=True)
    namespace.reset()

    namespace.restore(document)

    assert [one.id for one in namespace.tasks()] == [task]


def test_what_was_exported_goes_on_at_another_server(server: Running, namespace: Namespace) -> None:
    task = call(server, namespace)["TaskID"]
    document = namespace.export(secrets=True)

    with running() as other, Server(f"http://{other.endpoint}") as there:
        moved = there.restore("moved", document)
        moved.clock.advance(60)

        assert moved.keys == namespace.keys
        assert [(one.id, one.is_ended) for one in moved.tasks()] == [(task, True)]
