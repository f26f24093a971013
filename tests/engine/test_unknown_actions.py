"""An action that is not emulated: the vendor's own refusal, and a warning that cannot be missed."""

import logging

import pytest

from tests.calls import Draft, Refusal, refusal
from tests.server import InProcess

UNKNOWN = {
    "tencent_v3": (
        "CreateTranscode",
        "2019-09-19",
        Refusal(
            "InvalidAction",
            "The request action=`CreateTranscode` is invalid or not found in service=`tiw` and "
            "version=`2019-09-19`.",
            200,
        ),
    ),
    "alibaba_v3": (
        "SubmitTranscodeJob",
        "2020-11-09",
        Refusal(
            "InvalidAction.NotFound",
            "Specified api is not found, please check your url and method.",
            404,
        ),
    ),
    "volcengine": (
        "StartRecord",
        "2023-11-01",
        Refusal(
            "InvalidActionOrVersion",
            "Could not find operation StartRecord for version 2023-11-01.",
            404,
            100008,
        ),
    ),
}


@pytest.mark.parametrize("scheme", UNKNOWN)
def test_an_unknown_action_gets_the_vendors_refusal_and_a_warning_on_the_log(
    emulator: InProcess, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    action, version, expected = UNKNOWN[scheme]

    answer = emulator.send(Draft(action, version, scheme, {}).sign(emulator.signer()))

    (warning,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert refusal(answer) == expected
    assert f"{action!r} of version {version!r} is NOT EMULATED" in warning.getMessage()


@pytest.mark.parametrize("scheme", UNKNOWN)
def test_an_action_that_is_emulated_gives_no_warning(
    emulator: InProcess, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    action, version = {
        "tencent_v3": ("CreateSnapshotTask", "2019-09-19"),
        "alibaba_v3": ("SubmitSnapshotJob", "2020-11-09"),
        "volcengine": ("StartSnapshot", "2023-11-01"),
    }[scheme]

    emulator.send(Draft(action, version, scheme, {}).sign(emulator.signer()))

    assert [record for record in caplog.records if record.levelno == logging.WARNING] == []
