"""What SDKs and commands find in the environment."""

import pytest

from emulator.client import Namespace
from emulator.client.environment import past_proxies


def test_the_address_and_the_keys_are_those_of_the_namespace(namespace: Namespace) -> None:
    environment = namespace.environment

    assert environment["EMULATOR_ENDPOINT"] == namespace.endpoint
    assert environment["TENCENTCLOUD_SECRET_KEY"] == namespace.key("tencent").secret
    assert environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] == namespace.key("alibaba").id
    assert environment["VOLC_SECRETKEY"] == namespace.key("volcengine").secret


def test_other_hosts_are_still_found_past_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "example.com")
    monkeypatch.delenv("no_proxy", raising=False)

    assert past_proxies("127.0.0.1:4588") == {
        "NO_PROXY": "example.com,127.0.0.1,127.0.0.1:4588",
        "no_proxy": "127.0.0.1,127.0.0.1:4588",
    }


def test_hosts_that_are_named_already_are_not_named_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1:4588,127.0.0.1")

    assert past_proxies("127.0.0.1:4588")["NO_PROXY"] == "127.0.0.1:4588,127.0.0.1"
