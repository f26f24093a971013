"""ICE's custom and system templates."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.ice import Customer
from tests.server import InProcess

CONFIG = {"Type": "Normal", "FrameType": "normal", "Time": 0, "Count": 10}
TEXT = '{"Type":"Normal","FrameType":"normal","Time":0,"Count":10}'


@pytest.fixture
def customer(emulator: InProcess) -> Customer:
    return Customer(emulator)


def shown(customer: Customer, template_id: str) -> Any:
    return customer.call("GetCustomTemplate", TemplateId=template_id)["CustomTemplate"]


def listed(customer: Customer, **filters: str) -> list[str]:
    asked = {"Type": "2", **filters}
    templates = customer.call("ListCustomTemplates", **asked)["CustomTemplateList"]
    return [template["TemplateName"] for template in templates]


def test_a_new_template_shows_the_name_of_its_subtype_and_later_the_number(
    customer: Customer,
) -> None:
    made = customer.call("CreateCustomTemplate", Name="Sample", Type="2", TemplateConfig=TEXT)
    created = made["CustomTemplate"]

    later = shown(customer, created["TemplateId"])

    common = {
        "CreateTime": "2026-01-02T03:04:05Z",
        "ModifiedTime": "2026-01-02T03:04:05Z",
        "IsDefault": False,
        "Status": "Normal",
        "TemplateConfig": TEXT,
        "TemplateId": created["TemplateId"],
        "TemplateName": "Sample",
        "Type": 2,
        "TypeName": "SnapshotTemplate",
    }
    assert created == {**common, "Subtype": "Normal"}
    assert later == {**common, "Subtype": 1, "SubtypeName": "Normal"}
    assert customer.call("ListCustomTemplates", Type="2")["CustomTemplateList"] == [later]


@pytest.mark.parametrize(
    ("arguments", "subtype"),
    [
        ({"Type": "2", "TemplateConfig": TEXT.replace("Normal", "Sprite")}, "Sprite"),
        ({"Type": "2", "TemplateConfig": TEXT, "Subtype": "1"}, "Normal"),
        ({"Type": "1", "TemplateConfig": "{}", "Subtype": "3"}, "Remux"),
        ({"Type": "1", "TemplateConfig": "{}"}, "Normal"),
        ({"Type": "9", "TemplateConfig": "{}", "Subtype": "2"}, "VideoDetext"),
        ({"Type": "4", "TemplateConfig": "{}"}, ""),
    ],
)
def test_every_type_has_its_subtypes(
    customer: Customer, arguments: dict[str, str], subtype: str
) -> None:
    made = customer.call("CreateCustomTemplate", Name="n", **arguments)["CustomTemplate"]

    later = shown(customer, made["TemplateId"])

    assert made["Subtype"] == subtype
    assert later.get("SubtypeName", "") == subtype
    assert type(later.get("Subtype", 0)) is int


def test_a_template_is_changed_and_deleted(customer: Customer) -> None:
    template_id = customer.template(CONFIG)
    customer.emulator.advance(5)
    text = TEXT.replace("10", "3")
    updated = customer.call(
        "UpdateCustomTemplate", TemplateId=template_id, Name="Other", TemplateConfig=text
    )
    after = shown(customer, template_id)
    deleted = customer.call("DeleteCustomTemplate", TemplateId=template_id)

    assert updated["Success"] is deleted["Success"] is True
    assert (after["TemplateName"], after["TemplateConfig"]) == ("Other", text)
    assert after["CreateTime"] < after["ModifiedTime"] == "2026-01-02T03:04:10Z"
    assert listed(customer) == []


@pytest.mark.parametrize(
    "action",
    [
        "GetCustomTemplate",
        "UpdateCustomTemplate",
        "DeleteCustomTemplate",
        "SetDefaultCustomTemplate",
        "GetSystemTemplate",
    ],
)
def test_an_unknown_template_is_not_found(customer: Customer, action: str) -> None:
    refusal = customer.refused(action, TemplateId="0" * 32)

    assert refusal == (404, "ResourceNotFound", "Resource not found")


def test_one_template_of_each_subtype_is_the_default(customer: Customer) -> None:
    first, second, sprite = (
        customer.template(config) for config in (CONFIG, CONFIG, {**CONFIG, "Type": "Sprite"})
    )
    before = customer.refused("GetCustomTemplate", Type="2")
    for template_id in (first, sprite, second):
        customer.call("SetDefaultCustomTemplate", TemplateId=template_id)

    defaults = {
        subtype: customer.call("GetCustomTemplate", Type="2", Subtype=subtype)["CustomTemplate"]
        for subtype in ("1", "2")
    }

    assert before[:2] == (404, "ResourceNotFound")
    assert defaults["1"]["TemplateId"] == second
    assert defaults["2"]["TemplateId"] == sprite
    assert shown(customer, first)["IsDefault"] is False


def test_a_template_is_asked_for_by_its_id_or_its_type(customer: Customer) -> None:
    status, code, message = customer.refused("GetCustomTemplate", Subtype="1")

    assert (status, code) == (400, "MissingParameter")
    assert '"TemplateId"' in message


def test_nothing_is_found_by_nothing_where_that_may_be_asked_for(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text('assumed_limits = "ignore"\n')
    customer = Customer(InProcess(world))

    assert customer.refused("GetCustomTemplate")[:2] == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"Type": "12"}, "InvalidParameter", "Type"),
        ({"Type": "two"}, "InvalidParameter", "Type"),
        ({"Subtype": "4"}, "InvalidParameter", "Subtype"),
        ({"TemplateConfig": "{"}, "InvalidParameter", "TemplateConfig"),
        ({"TemplateConfig": "[]"}, "InvalidParameter", "TemplateConfig"),
        ({"TemplateConfig": '{"Type":"Normal","Time":0}'}, "MissingParameter", "Count"),
        ({"TemplateConfig": '{"Type":"Normal","Count":1}'}, "MissingParameter", "Time"),
        ({"TemplateConfig": '{"Time":0,"Count":1}'}, "MissingParameter", "Type"),
        ({"TemplateConfig": TEXT.replace("Normal", "Cover")}, "InvalidParameter", "Type"),
        ({"TemplateConfig": TEXT.replace("10", '"ten"')}, "InvalidParameter", "Count"),
        ({"TemplateConfig": TEXT.replace("10", '1,"Width":7')}, "InvalidParameter", "Width"),
    ],
)
def test_a_template_that_cannot_be_is_refused(
    customer: Customer, changes: dict[str, str], code: str, path: str
) -> None:
    template_id = customer.template(CONFIG)
    arguments = {"Name": "n", "Type": "2", "TemplateConfig": TEXT, **changes}
    config = {"TemplateConfig": arguments["TemplateConfig"]}

    created = customer.refused("CreateCustomTemplate", **arguments)

    assert created[:2] == (400, code)
    assert f'{path}"' in created[2]
    if "TemplateConfig" in changes:
        updated = customer.refused("UpdateCustomTemplate", TemplateId=template_id, **config)
        assert updated == created


@pytest.mark.parametrize(
    ("missing", "code"),
    [("Name", "MissingName"), ("Type", "MissingType"), ("TemplateConfig", "MissingTemplateConfig")],
)
def test_a_template_needs_its_parameters(customer: Customer, missing: str, code: str) -> None:
    arguments = {"Name": "n", "Type": "2", "TemplateConfig": TEXT}
    del arguments[missing]

    assert customer.refused("CreateCustomTemplate", **arguments)[1] == code


def test_templates_are_listed_by_what_is_asked_for(customer: Customer) -> None:
    ids = {name: customer.template(CONFIG, Name=name) for name in ("one", "two", "three")}
    customer.template({**CONFIG, "Type": "Sprite"}, Name="sprite")
    customer.call("CreateCustomTemplate", Name="remux", Type="1", TemplateConfig="{}")

    assert listed(customer) == ["sprite", "three", "two", "one"]
    assert listed(customer, OrderBy="CreationTime:Asc") == ["one", "two", "three", "sprite"]
    assert listed(customer, OrderBy="CreateTimeDesc") == ["sprite", "three", "two", "one"]
    assert listed(customer, Subtype="2") == ["sprite"]
    assert listed(customer, Name="t") == ["sprite", "three", "two"]
    assert listed(customer, TemplateId=ids["two"]) == ["two"]
    assert listed(customer, Type="1") == ["remux"]
    assert listed(customer, Type="1,2", PageSize="2") == ["remux", "sprite"]
    assert listed(customer, Type="1,2", PageSize="2", PageNumber="3") == ["one"]
    assert customer.call("ListCustomTemplates", Type="2", PageSize="1")["Total"] == 4


def test_there_are_system_templates_of_every_kind_of_snapshot(customer: Customer) -> None:
    answer = customer.call("ListSystemTemplates", Type="1,2")

    templates = answer["SystemTemplateList"]
    assert answer["Total"] == len(templates)
    assert {template["SubtypeName"] for template in templates} == {"Normal", "Sprite", "WebVtt"}
    for template in templates:
        assert template["Status"] == "Normal"
        assert json.loads(template["TemplateConfig"])["Type"] == template["SubtypeName"]
        got = customer.call("GetSystemTemplate", TemplateId=template["TemplateId"])
        assert got["SystemTemplate"] == template


def test_system_templates_are_listed_by_what_is_asked_for(customer: Customer) -> None:
    def names(**filters: str) -> list[str]:
        asked = {"Type": "2", **filters}
        templates = customer.call("ListSystemTemplates", **asked)["SystemTemplateList"]
        return [template["TemplateName"].removeprefix("System-Snapshot-") for template in templates]

    assert names(Type="1") == []
    assert names(Subtype="2") == ["Sprite"]
    assert names(Name="Web") == ["WebVtt"]
    assert names(Status="Invisible") == ["Cover"]
    assert names(Status="All", PageSize="3", PageNumber="2") == ["Cover"]


def test_system_templates_make_good_jobs(customer: Customer) -> None:
    outputs = {1: "{Count}.jpg", 2: "{TileCount}.jpg", 3: "out.vtt"}
    templates = customer.call("ListSystemTemplates", Type="2")["SystemTemplateList"]
    jobs = [
        customer.submit(outputs[template["Subtype"]], template["TemplateId"])
        for template in templates
    ]
    customer.emulator.advance(2)

    assert [customer.job(job_id)["Status"] for job_id in jobs] == ["Success"] * 3
    assert [customer.job(job_id)["Count"] for job_id in jobs] == [10, 100, 100]
