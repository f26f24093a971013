"""What is asked of the real services: by default only what changes nothing and costs nothing."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from contract_tests.drift.specs import Product, products

_READ_ONLY = ("Describe", "Get", "List")
# Names that belong to nobody; a refusal tells as much as a success.
_SDK_APP_ID, _APP_ID = 1400000001, "000000000000000000000000"
_ID = "00000000000000000000000000000000"
_DOMAIN = {"DomainName": "push.example.com"}
_ROOM = {"AppId": _APP_ID, "RoomId": "room", "TaskId": "task"}


class Question(NamedTuple):
    """One call, and what it is about."""

    vendor: str
    product: str
    version: str
    action: str
    title: str
    method: str
    arguments: Mapping[str, Any]

    @property
    def is_harmless(self) -> bool:
        return self.action.startswith(_READ_ONLY)


def harmless() -> Iterator[Question]:
    """Yield what is asked by default: every action that only reads, and once without anything."""
    for product in products():
        for action in filter(lambda name: name.startswith(_READ_ONLY), product.actions):
            for title, arguments in {**_ASKED.get(action, {}), "nothing said": {}}.items():
                yield _question(product, action, title, arguments)


def costly() -> Iterator[Question]:
    """Yield the examples that the pages print of actions that change or cost something."""
    for product in products():
        for action, document in product.actions.items():
            if action.startswith(_READ_ONLY):
                continue
            for example in document.get("examples", ()):
                arguments = json.loads(example["request"])
                yield _question(product, action, example["title"], arguments)


def _question(product: Product, action: str, title: str, arguments: Mapping[str, Any]) -> Question:
    methods = product.gateway.get("methods") or product.actions[action]["methods"]
    return Question(
        vendor=product.vendor,
        product=product.name,
        version=product.version,
        action=action,
        title=title,
        method="POST" if "POST" in methods else methods[0],
        arguments=arguments,
    )


_ASKED: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "DescribeSnapshotTask": {
        "an application of nobody": {"SdkAppId": _SDK_APP_ID, "TaskID": _ID},
        "an unknown parameter": {"SdkAppId": _SDK_APP_ID, "TaskID": _ID, "TaskId": _ID},
        "a text for a number": {"SdkAppId": "x", "TaskID": _ID},
    },
    "DescribeOnlineRecord": {"an application of nobody": {"SdkAppId": _SDK_APP_ID, "TaskId": _ID}},
    "DescribeVideoGenerationTask": {
        "an application of nobody": {"SdkAppId": _SDK_APP_ID, "TaskId": _ID}
    },
    "DescribeOnlineRecordCallback": {"an application of nobody": {"SdkAppId": _SDK_APP_ID}},
    "DescribeVideoGenerationTaskCallback": {"an application of nobody": {"SdkAppId": _SDK_APP_ID}},
    "DescribeLiveDomain": {"a domain of nobody": _DOMAIN},
    "DescribeLiveSnapshotTemplate": {"an unknown template": {"TemplateId": 1}},
    "DescribeLiveCallbackTemplate": {"an unknown template": {"TemplateId": 1}},
    "DescribeLiveStreamOnlineList": {"a domain of nobody": _DOMAIN},
    "DescribeLiveStreamState": {
        "a domain of nobody": {**_DOMAIN, "AppName": "live", "StreamName": "stream"}
    },
    "DescribeRecordTask": {"a day of 2024": {"StartTime": 1704067200, "EndTime": 1704153600}},
    "DescribeLiveDomains": {"a page too large": {"PageSize": 101}},
    "GetPipeline": {"an unknown id": {"PipelineId": _ID}},
    "GetCustomTemplate": {"an unknown id": {"TemplateId": _ID}},
    "GetSystemTemplate": {"an unknown id": {"TemplateId": "S00000000-000000"}},
    "GetSnapshotJob": {"an unknown id": {"JobId": _ID}},
    "GetSnapshotUrls": {"an unknown id": {"JobId": _ID}},
    "ListCustomTemplates": {"of snapshots": {"Type": "2"}},
    "ListSystemTemplates": {"of snapshots": {"Type": "2"}},
    "ListSnapshotJobs": {"a page too large": {"PageSize": 101}},
    "GetSnapshotTask": {"an application of nobody": _ROOM},
    "GetCallback": {"an application of nobody": {"AppId": _APP_ID}},
}
