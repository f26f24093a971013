"""Metrics, as Prometheus reads them."""

import re

from tests.web.bench import SNAPSHOT, benches

LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.e+-]+')


def test_calls_are_counted_by_action_and_code() -> None:
    with benches() as bench:
        space = bench.create("counted")
        space.snapshot()
        space.snapshot()
        space.snapshot({**SNAPSHOT, "RoomId": "x"})
        space.snapshot(secret="wrong")

        answer = bench.ask("GET", "/metrics")

    lines = answer.text.splitlines()
    called = 'emulator_calls_total{vendor="tencent",product="tiw",action="CreateSnapshotTask"'
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert f'{called},code="",fault=""}} 2' in lines
    assert f'{called},code="InvalidParameter",fault=""}} 1' in lines
    assert any('code="AuthFailure.SignatureFailure",fault=""} 1' in line for line in lines)
    assert "emulator_namespaces 2" in lines
    assert 'emulator_tasks{vendor="tencent",kind="tiw.snapshot"} 2' in lines
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in lines)


def test_calls_that_a_rule_struck_are_told_from_those_that_went_well() -> None:
    with benches() as bench:
        space = bench.create("struck")
        rules = [
            {"fault": "proxy-page", "numbers": [1]},
            {"fault": "throttle", "numbers": [1], "name": "busy"},
        ]
        space.post("/rules", {"rules": rules})
        for _ in range(3):
            space.snapshot()

        lines = bench.ask("GET", "/metrics").text.splitlines()

    called = 'emulator_calls_total{vendor="tencent",product="tiw",action="CreateSnapshotTask"'
    assert f'{called},code="",fault="proxy-page"}} 1' in lines
    assert f'{called},code="RequestLimitExceeded",fault="throttle"}} 1' in lines
    assert f'{called},code="",fault=""}} 1' in lines


def test_attempts_to_deliver_are_counted_by_outcome() -> None:
    with benches() as bench:
        space = bench.create("tried", pace=[{"kind": "*", "mode": "immediate"}])
        space.snapshot({**SNAPSHOT, "CallbackURL": f"{bench.url}/_emulator/sink/tried"})
        space.post("/clock/advance", {"seconds": 1})

        text = bench.ask("GET", "/metrics").text

    assert re.search(
        r'emulator_delivery_attempts_total\{vendor="tencent",.*outcome="200"\} 1', text
    )
