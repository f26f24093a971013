"""The pytest plugin, as a project of somebody else's uses it: without a conftest of ours."""

import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import emulator

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]
# Others' plugins take seconds to import.
OTHERS = ("asyncio", "cacheprovider", "hypothesispytest", "schemathesis", "faker")
ALONE = [f"-pno:{name}" for name in OTHERS]
SNAPSHOT = '{"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}'
WORLD = """
unknown_resources = "refuse"

[[accounts]]
vendor = "tencent"
site = "mainland"
resources = { SdkAppId = [1400000001] }
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a module of tests in a process of its own."""
    for name in [name for name in os.environ if name.startswith(("EMULATOR_", "PYTEST_XDIST"))]:
        monkeypatch.delenv(name)

    def run(module: str, *flags: str) -> pytest.RunResult:
        pytester.makepyfile(module)
        return pytester.runpytest_subprocess(*ALONE, "-W", "error", *flags, timeout=90)

    return run


def test_a_test_has_a_client_a_clock_and_a_receiver(run: Run) -> None:
    result = run(f"""
        def test_a_snapshot_calls_back(tiw_client, emulator_clock, emulator_receiver):
            answer = tiw_client.call_json("CreateSnapshotTask", {SNAPSHOT})
            emulator_clock.advance(60)
            event = emulator_receiver.last.content
            assert event["EventData"]["TaskID"] == answer["Response"]["TaskID"]
    """)

    result.assert_outcomes(passed=1)


def test_every_official_client_calls_the_tests_own_namespace(run: Run) -> None:
    result = run(f"""
        from alibabacloud_ice20201109 import models
        from volcenginesdkcore.universal import UniversalInfo

        def test_tiw(tiw_client, emulator):
            tiw_client.call_json("CreateSnapshotTask", {SNAPSHOT})
            assert [task.kind for task in emulator.tasks()] == ["tiw.snapshot"]

        def test_live(live_client, emulator):
            live_client.call_json("DescribeLiveCallbackTemplates", {{}})
            assert emulator.requests(action="DescribeLiveCallbackTemplates", verdict="accepted")

        def test_ice(ice_client, emulator):
            ice_client.list_pipelines(models.ListPipelinesRequest())
            assert emulator.requests(vendor="alibaba", verdict="accepted")

        def test_rtc(rtc_client, emulator, emulator_receiver):
            info = UniversalInfo("POST", "rtc", "2020-12-01", "CreateCallback", "application/json")
            rtc_client.do_call(info, {{
                "AppID": "661e0000000000000000543c",
                "URL": emulator_receiver.url,
                "SecretKey": "s",
                "EventList": ["SnapshotRealTimeData"],
            }})
            assert emulator.requests(vendor="volcengine", verdict="accepted")
    """)

    result.assert_outcomes(passed=4)


def test_a_mark_says_what_goes_wrong(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makefile(
        ".toml", mine='title = "Mine"\n[[rules]]\nfault = "callback-late"\nseconds = 9'
    )

    result = run("""
        import pathlib
        import pytest

        def faults(emulator):
            return [rule.fault for rule in emulator.rules()]

        @pytest.mark.emulator(scenario="callback-lost")
        def test_of_the_library(emulator):
            assert faults(emulator) == ["callback-lost"]

        @pytest.mark.emulator(scenario="mine.toml")
        def test_of_a_file(emulator):
            assert faults(emulator) == ["callback-late"]

        @pytest.mark.emulator(scenario=pathlib.Path("mine.toml"))
        def test_of_a_path(emulator):
            assert faults(emulator) == ["callback-late"]

        @pytest.mark.emulator(scenario={"title": "x", "rules": [{"fault": "throttle"}]})
        def test_of_a_document(emulator):
            assert faults(emulator) == ["throttle"]

        def test_in_the_test(emulator):
            emulator.load_scenario("callback-lost")
            assert faults(emulator) == ["callback-lost"]

        @pytest.mark.emulator(scenario="callbak-lost")
        def test_mistake(emulator): ...
    """)

    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines(["*did you mean 'callback-lost'?*"])


def test_a_mark_says_what_the_namespace_is_made_with(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", world=WORLD)

    result = run(f"""
        import datetime
        import pytest
        from tencentcloud.common.exception import TencentCloudSDKException

        @pytest.mark.emulator(world="world.toml", seed=7)
        def test_world(emulator, tiw_client):
            assert emulator.seed == 7
            tiw_client.call_json("CreateSnapshotTask", {SNAPSHOT})
            with pytest.raises(TencentCloudSDKException):
                tiw_client.call_json("CreateSnapshotTask", {{**{SNAPSHOT}, "SdkAppId": 2}})

        @pytest.mark.emulator(clock="real")
        def test_clock(emulator_clock):
            assert not emulator_clock.is_manual

        @pytest.mark.emulator(now="2030-01-01T00:00:00Z")
        def test_now(emulator_clock):
            assert emulator_clock.now == datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)

        @pytest.mark.emulator(sed=7)
        def test_mistake(emulator): ...

        @pytest.mark.emulator(streams=[dict(place="live/push.example.com/live", user="ann")])
        def test_place(emulator): ...
    """)

    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["*AdminProblem:*'place' must be like rtc/<AppId>/<RoomId> or *"])
    result.stdout.fnmatch_lines(["*UsageError: *, not 'sed'; did you mean 'seed'?*"])


@pytest.mark.parametrize("name", ["name", "clokc", "admin_token"])
def test_a_mark_with_a_name_that_means_nothing_is_refused_with_those_that_do(
    run: Run, name: str
) -> None:
    result = run(f"""
        import pytest

        @pytest.mark.emulator({name}="x")
        def test_mistake(emulator): ...
    """)

    result.assert_outcomes(errors=1)
    told = next(line for line in result.outlines if f"not {name!r}" in line)
    takes = told.partition("one of ")[2].partition(", not ")[0].split(", ")
    assert "name" not in takes
    assert {"world", "scenario", "clock", "seed", "accounts", "buckets"} <= set(takes)


def test_a_mistake_in_the_world_file_of_a_mark_is_told_with_its_line(
    run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makefile(".toml", world='[[accounts]]\nvendor = "tencent"\nstat = "arrears"\n')

    result = run("""
        import pytest

        @pytest.mark.emulator(world="world.toml")
        def test_mistake(emulator): ...
    """)

    result.stdout.fnmatch_lines(["*AdminProblem:*world.toml:3: accounts.0: unknown key 'stat'*"])


INSIDE = """
import pytest

FILES = [("mine.toml", "callback-lost"), ("./other.toml", "throttle")]

@pytest.mark.parametrize(("name", "fault"), FILES)
def test_a_call(emulator, name, fault):
    emulator.load_scenario(name)
    assert [rule.fault for rule in emulator.rules()] == [fault]

@pytest.mark.emulator(scenario="mine.toml", world="world.toml")
def test_a_mark(emulator):
    assert [rule.fault for rule in emulator.rules()] == ["callback-lost"]
    assert emulator.seed == 7

@pytest.mark.emulator(scenario="other.toml")
def test_a_mark_of_the_working_folder(emulator):
    assert [rule.fault for rule in emulator.rules()] == ["throttle"]
"""


def test_a_relative_path_leads_to_the_same_file_in_a_mark_and_in_a_call(
    run: Run, pytester: pytest.Pytester
) -> None:
    folder = pytester.mkdir("inside")
    scenario = 'title = "Mine"\n[[rules]]\nfault = "{}"\n'
    (folder / "mine.toml").write_text(scenario.format("callback-lost"))
    pytester.makefile(".toml", mine=scenario.format("throttle"), other=scenario.format("throttle"))
    (folder / "world.toml").write_text("seed = 7", "utf-8-sig")
    (folder / "test_inside.py").write_text(INSIDE)

    run("def test_nothing(): ...").assert_outcomes(passed=5)


def test_the_world_file_of_the_documents_does_for_every_test(
    run: Run, pytester: pytest.Pytester
) -> None:
    page = Path(__file__).parents[1] / "docs" / "world.md"
    (world, *_) = re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)
    pytester.makefile(".toml", world=world)

    result = run(f"""
        import pytest
        from tencentcloud.common.exception import TencentCloudSDKException

        pytestmark = pytest.mark.emulator(world="world.toml")

        def test_the_account_is_in_arrears_at_tiw(tiw_client):
            with pytest.raises(TencentCloudSDKException, match="arrears"):
                tiw_client.call_json("CreateSnapshotTask", {SNAPSHOT})

        def test_every_vendor_has_a_key_of_the_namespace(emulator):
            assert {{key.id for key in emulator.keys}} == {{emulator.name, "temporary", "revoked"}}
            assert emulator.key("tencent").id == emulator.name
    """)

    result.assert_outcomes(passed=2)


def test_the_report_of_a_failure_tells_what_came_and_what_went(run: Run) -> None:
    result = run(f"""
        import pytest
        from tencentcloud.common.exception import TencentCloudSDKException

        def test_fails(emulator, tiw_client, emulator_clock, emulator_receiver):
            emulator_receiver.answer(status=500, times=1)
            tiw_client.call_json("CreateSnapshotTask", {SNAPSHOT})
            with pytest.raises(TencentCloudSDKException):
                wide = {{**{SNAPSHOT}, "Whiteboard": {{"Width": 2561}}}}
                tiw_client.call_json("CreateSnapshotTask", wide)
            tiw_client.credential.secret_key = "another"
            with pytest.raises(TencentCloudSDKException):
                tiw_client.call_json("DescribeSnapshotTask", {{"SdkAppId": 1, "TaskID": "a"}})
            emulator_clock.advance(60)
            assert False
    """)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- emulator: requests of test_fails-* -*",
            'tencent CreateSnapshotTask accepted {"*"RoomId":12345*',
            "tencent CreateSnapshotTask refused: InvalidParameter: *2561*Whiteboard.Width*",
            "    *Whiteboard.Width*",
            "tencent DescribeSnapshotTask refused: AuthFailure.SignatureFailure: *",
            "    *",
            "*- emulator: callbacks of test_fails-* -*",
            "tencent SnapshotFinished of *: delivered",
            "    attempt 1 at *: answered 500",
            "    attempt 2 at *: answered 200",
        ]
    )


def test_the_report_of_a_failure_shows_what_an_application_raised(run: Run) -> None:
    result = run(f"""
        def hear(received):
            raise LookupError("no such lesson")

        def test_fails(emulator, tiw_client, emulator_receiver):
            emulator_receiver.forward(hear)
            tiw_client.call_json("CreateSnapshotTask", {SNAPSHOT})
            emulator.clock.advance(2)
            assert emulator.callback().state == "delivered"
    """)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "LookupError: no such lesson",
            "tencent SnapshotFinished of *: pending",
            "    attempt 1 at *: answered 500",
            "*- emulator: to come in test_fails-* -*",
            "the clock is held at *",
            "in * s: delivery of *",
        ]
    )


def test_the_receiver_waits_as_long_as_the_clock_of_the_test_says(run: Run) -> None:
    result = run("""
        def test_waits(emulator_receiver):
            emulator_receiver.wait()
    """)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*0 callbacks came to http://* in 1 s, expected 1*"])


def test_a_server_that_runs_already_is_used(run: Run) -> None:
    module = "def test_it(emulator): print('it is', emulator.url)"

    with emulator.running(admin_token="secret") as server:
        url = server.url
        result = run(module, "-s", "--emulator-url", url, "--emulator-token", "secret")
        left = server.namespaces()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*it is {url}*"])
    assert left == ["default"]


def test_where_no_server_runs_the_tests_say_so(run: Run) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # taken, so that nobody else listens here meanwhile
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"

        result = run("def test_it(emulator): ...", "--emulator-url", url)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*Unreachable: no emulator answers at {url}*"])


def test_without_its_sdk_a_test_is_skipped(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makeconftest("import sys; sys.modules['alibabacloud_ice20201109.client'] = None")

    result = run("def test_it(ice_client): ...", "-rs")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*alibabacloud-ice20201109 is not installed*"])


def test_a_project_that_asks_for_nothing_pays_for_nothing(run: Run) -> None:
    result = run("""
        import sys

        def test_it():
            assert not {"emulator.client", "emulator.launch", "msgspec"} & set(sys.modules)
    """)

    result.assert_outcomes(passed=1)
