"""What every action of Live refuses alike: accounts that are not served, and too many calls."""

from pathlib import Path
from typing import Any

import pytest

from emulator.spec.action import Action
from emulator.vendors.tencent import TENCENT
from tests.flows.live import Live
from tests.server import InProcess

ACTIONS = [action for action in TENCENT.catalog.every() if action.product == "live"]
STREAM_CONTROL = {
    "DescribeLiveStreamState",
    "DescribeLiveStreamOnlineList",
    "DropLiveStream",
    "ForbidLiveStream",
    "ResumeLiveStream",
}
CODES = {
    "blocked": "ResourceNotFound.ForbidService",
    "frozen": "ResourceNotFound.FreezeService",
    "arrears": "ResourceNotFound.StopService",
    "switched_off": "ResourceNotFound.UserDisableService",
    "not_registered": "ResourceNotFound.UserDisableService",
}
EVERY = pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)


def arguments(action: Action) -> dict[str, Any]:
    """Return required arguments of the right types."""
    return {
        name: 1 if parameter.type == "integer" else "x.example.com"
        for name, parameter in action.parameters.items()
        if parameter.required
    }


@pytest.fixture(scope="module", params=CODES)
def state(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def unserved(state: str, tmp_path_factory: pytest.TempPathFactory) -> Live:
    world = tmp_path_factory.mktemp("world") / "world.toml"
    world.write_text(f'[[accounts]]\nvendor = "tencent"\nstate = "{state}"\n')
    return Live(InProcess(world))


@EVERY
def test_an_account_that_is_not_served_is_told_why(
    unserved: Live, state: str, action: Action
) -> None:
    expected = CODES[state]
    if state == "not_registered" and action.name in STREAM_CONTROL:
        expected = "ResourceNotFound.UserNotExist"

    assert unserved.code(action.name, **arguments(action)) == expected


@EVERY
def test_one_call_more_than_the_rate_is_refused(tmp_path: Path, action: Action) -> None:
    live = Live(InProcess())
    codes = [
        live.code(action.name, **arguments(action)) for _ in range(action.calls_per_second + 1)
    ]

    assert "RequestLimitExceeded" not in codes[:-1]
    assert codes[-1] == "RequestLimitExceeded"


@EVERY
def test_what_is_required_is_missed_and_what_is_unknown_is_named(action: Action) -> None:
    live = Live(InProcess())
    required = arguments(action)

    unknown = live.code(action.name, **required, Nonsense=1)
    missing = {
        name: live.code(action.name, **{k: v for k, v in required.items() if k != name})
        for name in required
    }

    assert unknown == "UnknownParameter"
    assert missing == dict.fromkeys(required, "MissingParameter")
