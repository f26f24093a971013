"""The report on how the client of a namespace behaved."""

from tests.web.bench import SNAPSHOT, Space

WRONG = {**SNAPSHOT, "Whiteboard": {"Width": 2561}}


def test_a_client_that_behaves_has_no_findings(space: Space) -> None:
    space.snapshot()

    assert space.get("/conduct") == {"findings": []}


def test_a_finding_says_what_was_done_and_by_which_requests(space: Space) -> None:
    for _ in range(2):
        space.snapshot(WRONG)

    (finding,) = space.get("/conduct")["findings"]

    ids = [request["request_id"] for request in space.get("/requests")["requests"]]
    assert finding.keys() == {"rule", "severity", "sentence", "evidence", "advice"}
    assert (finding["rule"], finding["severity"]) == ("retry-hopeless", "error")
    assert finding["evidence"] == ids


def test_calls_in_its_name_that_were_not_verified_count(space: Space) -> None:
    for _ in range(2):
        space.snapshot(secret="wrong")

    (finding,) = space.get("/conduct")["findings"]

    assert "AuthFailure.SignatureFailure" in finding["sentence"]


def test_what_others_do_does_not_count(space: Space) -> None:
    other = space.bench.create("other")
    for _ in range(2):
        other.snapshot(WRONG)
        other.snapshot(secret="wrong")

    found, of_other = space.get("/conduct")["findings"], other.get("/conduct")["findings"]
    space.bench.ask("DELETE", "/namespaces/other")

    assert (len(found), len(of_other)) == (0, 2)


def test_how_long_an_attempt_took_is_shown(space: Space) -> None:
    space.snapshot()
    space.post("/clock/advance", {"seconds": 60})

    (callback,) = space.get("/callbacks")["callbacks"]

    assert callback["attempts"][0]["milliseconds"] > 0
