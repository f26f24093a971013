"""The specs agree with the models in the vendors' official SDK packages, or say why not."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

import pytest

from contract_tests.drift.comparison import Difference, code_differences, differences
from contract_tests.drift.packages import READERS, is_offered, models
from contract_tests.drift.shape import Model
from contract_tests.drift.specs import Product, products

Plant = Callable[[dict[str, Any]], object]

PRODUCTS = {f"{product.vendor} {product.name}": product for product in products()}
ACTIONS = [
    pytest.param(key, action, id=action)
    for key, product in PRODUCTS.items()
    for action in product.actions
    if READERS[product.vendor]
]
WITH_CODES = [key for key, product in PRODUCTS.items() if product.vendor == "tencent"]


@pytest.mark.parametrize(("key", "action"), ACTIONS)
def test_every_difference_from_the_packages_is_explained(
    key: str, action: str, record_property: Callable[[str, object], None]
) -> None:
    product = PRODUCTS[key]

    found = list(_found(product, action, models_of(key)))

    for model in models_of(key):
        if action in model.actions:
            record_property("compared", f"{product.key(action)} {model.package}")
    explained = product.explained(action)
    assert [line for line, difference in found if difference.path not in explained] == []


@pytest.mark.parametrize(("key", "action"), ACTIONS)
def test_every_explanation_explains_a_difference(key: str, action: str) -> None:
    product = PRODUCTS[key]

    found = {difference.path for _, difference in _found(product, action, models_of(key))}

    assert _stale(product.where(action), product.explained(action), found) == []


@pytest.mark.parametrize("key", WITH_CODES)
def test_every_code_that_only_one_side_has_is_explained(key: str) -> None:
    product = PRODUCTS[key]

    found = {difference.path: line for line, difference in _of_codes(product, models_of(key))}

    explained = product.explained_codes
    assert [line for path, line in found.items() if path not in explained] == []
    assert _stale(product.where("errors"), explained, set(found)) == []


def test_volcengine_has_no_package_with_a_model_of_rtc() -> None:
    assert [name for name in ("volcenginesdkrtc", "volcengine.rtc") if find_spec(name)] == []


def test_an_action_without_a_model_explains_nothing() -> None:
    without = [product for product in PRODUCTS.values() if not READERS[product.vendor]]

    assert [a for product in without for a in product.actions if product.explained(a)] == []


TEXT: dict[str, Any] = {"type": "string"}
# What a planted defect changes, and the path under which it is found.
DEFECTS: list[tuple[str, str, Plant]] = [
    ("dropped", "parameters.RoomId", lambda spec: spec["parameters"].pop("RoomId")),
    ("invented", "parameters.Room", lambda spec: spec["parameters"].update(Room=TEXT)),
    ("renamed", "response.TaskId", lambda spec: spec.update(response={"TaskId": TEXT})),
    ("type", "parameters.RoomId.type", lambda spec: spec["parameters"].update(RoomId=TEXT)),
    ("width", "parameters.RoomId.format", lambda spec: spec["parameters"]["RoomId"].pop("format")),
    (
        "required",
        "parameters.RoomId.required",
        lambda spec: spec["parameters"]["RoomId"].pop("required"),
    ),
    (
        "not required",
        "parameters.CallbackURL.required",
        lambda spec: spec["parameters"]["CallbackURL"].update(required=True),
    ),
    (
        "promised",
        "response.TaskID.required",
        lambda spec: spec["response"]["TaskID"].pop("required"),
    ),
    (
        "nested",
        "parameters.COS.Bucket",
        lambda spec: spec["parameters"].update(COS={"type": "object", "properties": {}}),
    ),
]


@pytest.mark.parametrize(("path", "plant"), [pytest.param(*d[1:], id=d[0]) for d in DEFECTS])
def test_a_planted_difference_is_found_with_its_file_and_path(path: str, plant: Plant) -> None:
    product = _planted("tencent tiw", "CreateSnapshotTask", plant)

    lines = [line for line, _ in _found(product, "CreateSnapshotTask", models_of("tencent tiw"))]

    where = "tencent/specs/tiw/2019-09-19/CreateSnapshotTask.toml"
    assert any(line.startswith(f"{where}: {path}: ") for line in lines), lines


def test_a_planted_difference_is_found_in_what_a_request_of_alibaba_holds() -> None:
    def plant(spec: dict[str, Any]) -> None:
        spec["parameters"]["Input"]["properties"]["Media"].pop("required")

    product = _planted("alibaba ice", "SubmitSnapshotJob", plant)

    paths = [d.path for _, d in _found(product, "SubmitSnapshotJob", models_of("alibaba ice"))]

    assert paths == ["parameters.Input.Media.required"]


def test_an_action_that_only_the_packages_do_not_have_is_found() -> None:
    product = _planted("tencent live", "StopScreenshotTask", lambda spec: spec.pop("sites"))

    paths = [d.path for _, d in _found(product, "StopScreenshotTask", models_of("tencent live"))]

    assert paths == ["action", "action"]


def test_a_code_that_no_package_has_is_found() -> None:
    def plant(spec: dict[str, Any]) -> None:
        spec["errors"]["InvalidParameter.Invented"] = {}

    product = _planted("tencent tiw", "CreateSnapshotTask", plant)

    found = [difference.path for _, difference in _of_codes(product, models_of("tencent tiw"))]

    assert "codes.InvalidParameter.Invented" in found


def test_an_explanation_of_nothing_is_refused_with_its_file_and_key() -> None:
    def plant(spec: dict[str, Any]) -> None:
        spec["drift"] = {"parameters": {"RoomId": {"type": "because"}}}

    product = _planted("tencent tiw", "CreateSnapshotTask", plant)
    explained = product.explained("CreateSnapshotTask")

    stale = _stale(product.where("CreateSnapshotTask"), explained, set())

    assert stale == [
        "tencent/specs/tiw/2019-09-19/CreateSnapshotTask.toml: drift.parameters.RoomId.type: "
        "explains no difference"
    ]


@cache
def models_of(key: str) -> list[Model]:
    return models(PRODUCTS[key])


def _found(
    product: Product, action: str, packages: list[Model]
) -> Iterator[tuple[str, Difference]]:
    """Yield each difference of an action with a line that says where it is."""
    ours = product.form(action) if is_offered(product, action) else None
    for model in packages:
        for difference in differences(ours, model.actions.get(action)):
            yield _line(product.where(action), difference, model), difference


def _of_codes(product: Product, packages: list[Model]) -> Iterator[tuple[str, Difference]]:
    """Yield each code that only a package has, or only our actions and no gateway."""
    ours = frozenset(code for action in product.actions for code in product.codes(action))
    for model in packages:
        if model.codes:
            gateway = frozenset(product.gateway["errors"]) - model.codes
            for difference in code_differences(ours - gateway, model.codes):
                yield _line(product.where("errors"), difference, model), difference


def _line(where: str, difference: Difference, model: Model) -> str:
    path, ours, theirs = difference
    return f"{where}: {path}: the spec has {ours}, {model.package} has {theirs}"


def _stale(where: str, explained: Mapping[str, str], found: set[str]) -> list[str]:
    return [f"{where}: drift.{path}: explains no difference" for path in explained.keys() - found]


def _planted(key: str, action: str, plant: Plant) -> Product:
    """Return a product one of whose specs has been changed."""
    product = PRODUCTS[key]
    spec = copy.deepcopy(dict(product.actions[action]))
    plant(spec)
    return product._replace(actions={**product.actions, action: spec})
