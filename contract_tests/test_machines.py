"""In whatever order the actions of a family are called, what they come to is as documented."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from contract_tests.machines.ice import Ice
from contract_tests.machines.live import Live
from contract_tests.machines.rtc import RoomTasks
from contract_tests.machines.tiw import Recordings
from contract_tests.profile import Profile
from contract_tests.target import Target


@pytest.mark.parametrize("family", [Recordings, Live, Ice, RoomTasks])
def test_a_family_of_actions_follows_its_model(
    target: Target, profile: Profile, family: Callable[[Target], RuleBasedStateMachine]
) -> None:
    explored = settings(
        max_examples=profile.runs,
        stateful_step_count=profile.steps,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    make: Any = partial(family, target)
    run_state_machine_as_test(make, settings=explored)
