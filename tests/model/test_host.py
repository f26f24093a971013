"""Names that can only mean this machine or a private network."""

import pytest

from emulator.model.host import is_near


@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1",
        "127.1.2.3",
        "10.0.0.1",
        "192.168.1.2",
        "172.16.0.1",
        "[::1]",
        "::1",
        "fd00::1",
        "localhost",
        "api.localhost",
        "emulator",
        "host.docker.internal",
        "box.local",
    ],
)
def test_a_name_of_this_machine_or_a_private_network_is_near(name: str) -> None:
    assert is_near(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "8.8.8.8",
        "[2001:4860:4860::8888]",
        "example.com",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "tiw.tencentcloudapi.com",
    ],
)
def test_any_other_name_is_not(name: str) -> None:
    assert not is_near(name)
