"""Accounts and keys, shown and declared while the server runs."""

from typing import Any

import pytest

from emulator.model.account import ACTIVE
from emulator.spec.action import ACCOUNT_STATES
from emulator.web.shapes.accounts import AccountState
from tests.web.bench import Bench, Space

NEW = {"vendor": "tencent", "id": "new", "keys": [{"id": "of-new", "secret": "s"}]}


def declare(space: Space, *accounts: dict[str, Any]) -> Any:
    return space.bench.ask(
        "PUT", f"/namespaces/{space.name}/accounts", {"accounts": list(accounts)}
    )


def code(space: Space, key_id: str, secret: str) -> str:
    """Return what a call with the key is refused with, "" for nothing."""
    response = space.snapshot(key_id=key_id, secret=secret).content["Response"]
    return str(response.get("Error", {}).get("Code", ""))


def test_every_vendors_account_is_shown_with_its_keys_and_without_a_secret(space: Space) -> None:
    shown = space.get("/accounts")

    assert [account["vendor"] for account in shown["accounts"]] == list(space.keys)
    assert shown["accounts"][0] == {
        "vendor": "tencent",
        "id": "tencent-mine",
        "site": "intl",
        "states": {"*": "active"},
        "resources": {},
        "keys": [{"id": "mine", "enabled": True, "expires_at": None}],
    }
    assert space.keys["tencent"]["secret"] not in str(shown)


def test_an_account_that_is_added_can_call_at_once_beside_the_others(space: Space) -> None:
    answer = declare(space, NEW)

    assert [account["id"] for account in answer.content["accounts"]][-1] == "new"
    assert code(space, "of-new", "s") == ""
    assert code(space, "mine", space.keys["tencent"]["secret"]) == ""


def test_an_account_that_is_replaced_keeps_none_of_its_keys(space: Space) -> None:
    declare(space, NEW)

    declare(space, {**NEW, "keys": [{"id": "later", "secret": "t"}]})

    assert code(space, "of-new", "s") == "AuthFailure.SecretIdNotFound"
    assert code(space, "later", "t") == ""


def test_callback_settings_are_there_as_if_they_had_been_called_for(space: Space) -> None:
    settings = {"of": "tiw.recording", "SdkAppId": 1400000001, "Callback": "http://127.0.0.1:9/cb"}

    declare(space, {"vendor": "tencent", "id": "new", "callbacks": [settings], **NEW})

    asked = {"SdkAppId": 1400000001}
    signer = space.signer(key_id="of-new", secret="s")
    wire = signer.tencent_v3("DescribeOnlineRecordCallback", "2019-09-19", asked)
    assert space.bench.server.send(wire).content["Response"]["Callback"] == "http://127.0.0.1:9/cb"


def test_states_and_resources_are_as_in_a_world_file(space: Space) -> None:
    settings = {"of": "snapshot", "CallbackURL": "http://127.0.0.1:9/cb"}
    answer = declare(
        space,
        {"vendor": "tencent", "state": "arrears", "resources": {"SdkAppId": [1400000001]}},
        {"vendor": "volcengine", "id": "v", "states": {"rtc": "frozen"}},
    )
    refused = declare(space, {**NEW, "callbacks": [settings]})

    shown = {account["id"]: account for account in answer.content["accounts"]}
    assert shown["tencent-mine"]["states"] == {"*": "arrears"}
    assert shown["tencent-mine"]["resources"] == {"SdkAppId": ["1400000001"]}
    assert shown["v"]["states"] == {"*": "active", "rtc": "frozen"}
    assert code(space, "mine", space.keys["tencent"]["secret"]) != ""
    assert "accounts.0.callbacks.0: 'of' must be one of" in refused.content["detail"]


@pytest.mark.parametrize(
    ("account", "complaint"),
    [
        ({"vendor": "aws"}, "accounts.0: 'vendor' must be one of tencent"),
        ({"id": "x"}, "accounts.0: missing key 'vendor'"),
        ({"vendor": "tencent", "stat": "active"}, "accounts.0: unknown key 'stat', did you mean"),
        ({"vendor": "tencent", "state": "poor"}, "accounts.0.state: expected one of active"),
        ({"vendor": "tencent", "keys": [{"id": "k"}]}, "accounts.0.keys.0: missing key 'secret'"),
        ({"vendor": "tencent", "resources": {"Bucket": []}}, "unknown key 'Bucket'"),
    ],
)
def test_an_account_that_cannot_be_meant_is_refused_with_the_key(
    space: Space, account: dict[str, Any], complaint: str
) -> None:
    before = space.get("/accounts")

    answer = declare(space, account)

    assert answer.status == 400
    assert complaint in answer.content["detail"]
    assert space.get("/accounts") == before


def test_a_key_of_another_namespace_is_not_taken(space: Space, bench: Bench) -> None:
    answer = declare(space, {**NEW, "keys": [{"id": "test", "secret": "mine"}]})

    assert (answer.status, "'default'" in answer.content["detail"]) == (409, True)
    assert code(space, "test", "test") == ""


def test_the_key_that_everybody_knows_stands_for_the_namespaces_own(
    space: Space, bench: Bench
) -> None:
    own = space.keys["tencent"]

    answer = declare(space, {**NEW, "keys": [{"id": "test", "secret": "test"}]})

    assert answer.status == 200
    assert code(space, own["id"], own["secret"]) == ""
    assert "test" not in {key["id"] for key in space.get("")["keys"]}


def test_an_account_declared_twice_is_refused(space: Space) -> None:
    answer = declare(space, NEW, NEW)

    assert (answer.status, "declared twice" in answer.content["detail"]) == (400, True)


def test_the_states_that_may_be_asked_for_are_those_there_are() -> None:
    assert set(AccountState.__args__) == {ACTIVE, *ACCOUNT_STATES}  # type: ignore[attr-defined]
