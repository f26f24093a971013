"""Why a call was refused, asked of the administration."""

from collections.abc import Iterator

import pytest

from tests.web.bench import SNAPSHOT, Bench, Space, benches


@pytest.fixture
def bench() -> Iterator[Bench]:
    with benches() as bench:
        yield bench


@pytest.fixture
def space(bench: Bench) -> Space:
    return bench.create("mine")


def test_a_wrong_signature_is_explained_with_what_was_signed_here(
    bench: Bench, space: Space
) -> None:
    answer = space.snapshot(secret="another").content["Response"]

    told = bench.get(f"/explanations/{answer['RequestId']}")

    assert told["request"]["code"] == "AuthFailure.SignatureFailure"
    assert told["check"] == "signature"
    assert told["canonical_request"].startswith("POST\n/\n\n")
    assert told["string_to_sign"].startswith("TC3-HMAC-SHA256\n")
    assert told["signature_sent"]
    assert told["violations"] == []


def test_a_broken_limit_is_explained_with_its_page(bench: Bench, space: Space) -> None:
    space.snapshot({**SNAPSHOT, "Whiteboard": {"Width": 2561}})

    told = bench.get("/explanations/latest")

    (broken,) = told["violations"]
    assert (broken["path"], broken["rule"], broken["limit"]) == (
        "Whiteboard.Width",
        "maximum",
        2560,
    )
    assert broken["source"].startswith("https://")
    assert told["canonical_request"] == told["string_to_sign"] == ""


def test_the_latest_is_that_of_any_namespace(bench: Bench, space: Space) -> None:
    wide = {**SNAPSHOT, "Whiteboard": {"Width": 2561}}
    space.snapshot(secret="another")
    space.snapshot(wide)
    last = bench.create("others").snapshot(wide).content["Response"]
    space.snapshot()

    assert bench.get("/explanations/latest")["request"]["request_id"] == last["RequestId"]


def test_what_was_not_refused_is_not_explained(bench: Bench, space: Space) -> None:
    accepted = space.snapshot().content["Response"]["RequestId"]

    answers = [bench.ask("GET", f"/explanations/{name}") for name in (accepted, "latest")]

    assert [answer.status for answer in answers] == [404, 404]
    assert accepted in answers[0].text
    assert "no call was refused yet" in answers[1].text
