"""The vendors' clients, made for a namespace."""

import pytest

from emulator.client import Server, sdk

STREAM = {"StreamName": "s", "DomainName": "push.example.com", "AppName": "live"}


# Where these are offered they need a region.
@pytest.mark.parametrize(
    ("site", "action"), [("intl", "CreateRecordTask"), ("mainland", "CreateScreenshotTask")]
)
def test_the_client_of_live_has_a_region_of_the_accounts_site(
    here: Server, site: str, action: str
) -> None:
    accounts = [{"vendor": "tencent", "site": site}]
    with here.create(accounts=accounts, clock="manual") as namespace:
        ends_at = int(namespace.clock.time()) + 60
        template = {"TemplateId": 0} if action == "CreateScreenshotTask" else {}

        answer = sdk.live(namespace).call_json(action, {**STREAM, "EndTime": ends_at, **template})

    assert answer["Response"]["TaskId"]
