"""ICE pipelines: made, changed, paused with what they hold, and deleted."""

from pathlib import Path
from typing import Any

import pytest

from tests.flows.ice import STRICT, Customer
from tests.server import InProcess


@pytest.fixture
def customer(emulator: InProcess) -> Customer:
    return Customer(emulator)


def made(customer: Customer, **arguments: str) -> Any:
    asked = {"Name": "Sample", "Speed": "Boost", **arguments}
    return customer.call("CreatePipeline", **asked)["Pipeline"]


def submitted(customer: Customer, pipeline_id: str) -> str:
    return customer.submit(ScheduleConfig={"PipelineId": pipeline_id})


def test_a_pipeline_is_made_shown_changed_and_deleted(customer: Customer) -> None:
    pipeline = made(customer, Priority="9")
    key = {"PipelineId": pipeline["PipelineId"]}
    shown = customer.call("GetPipeline", **key)["Pipeline"]
    customer.emulator.advance(5)
    changes = {"Name": "Other", "Priority": "1", "Status": "Paused"}
    updated = customer.call("UpdatePipeline", **key, **changes)
    after = customer.call("GetPipeline", **key)["Pipeline"]
    deleted = customer.call("DeletePipeline", **key)

    assert shown == pipeline
    assert pipeline == {
        **key,
        "Name": "Sample",
        "Speed": "Boost",
        "Priority": 9,
        "Status": "Active",
        "CreateTime": "2026-01-02T03:04:05Z",
        "ModifiedTime": "2026-01-02T03:04:05Z",
    }
    assert after == {
        **pipeline,
        "Name": "Other",
        "Priority": 1,
        "Status": "Paused",
        "ModifiedTime": "2026-01-02T03:04:10Z",
    }
    assert updated["Success"] is deleted["Success"] is True
    assert customer.refused("GetPipeline", **key)[:2] == (404, "ResourceNotFound")


def test_every_account_has_a_default_pipeline(customer: Customer) -> None:
    (default,) = customer.call("ListPipelines")["PipelineList"]

    assert (default["Speed"], default["Status"], default["Priority"]) == ("Standard", "Active", 6)
    key = {"PipelineId": default["PipelineId"]}
    assert customer.refused("DeletePipeline", **key)[:2] == (400, "InvalidParameter")


def test_pipelines_are_listed_by_their_speed(customer: Customer) -> None:
    boosted = made(customer)
    customer.call("UpdatePipeline", PipelineId=default_id(customer), Name="Mine")

    everything = customer.call("ListPipelines")["PipelineList"]

    assert [each["Name"] for each in everything] == ["Mine", "Sample"]
    assert customer.call("ListPipelines", Speed="Boost")["PipelineList"] == [boosted]
    assert customer.call("ListPipelines", Speed="NarrowBandHDV2")["PipelineList"] == []


def default_id(customer: Customer) -> str:
    pipeline_id: str = customer.call("ListPipelines")["PipelineList"][0]["PipelineId"]
    return pipeline_id


def test_the_priority_is_six_unless_another_is_asked_for(customer: Customer) -> None:
    assert made(customer)["Priority"] == 6


@pytest.mark.parametrize("default", [False, True], ids=["made", "default"])
def test_a_paused_pipeline_holds_its_jobs_until_it_goes_on(
    customer: Customer, default: bool
) -> None:
    pipeline_id = default_id(customer) if default else made(customer)["PipelineId"]
    done = submitted(customer, pipeline_id)
    customer.emulator.advance(2)
    customer.call("UpdatePipeline", PipelineId=pipeline_id, Status="Paused")
    jobs = [submitted(customer, pipeline_id) for _ in range(2)]
    customer.emulator.advance(3600)
    held = [customer.job(job_id)["Status"] for job_id in jobs]
    customer.call("UpdatePipeline", PipelineId=pipeline_id, Status="Active")
    customer.emulator.advance(2)

    released = [customer.job(job_id) for job_id in jobs]

    assert held == ["Init", "Init"]
    assert [job["Status"] for job in released] == ["Success", "Success"]
    assert [job["FinishTime"] for job in released] == ["2026-01-02T04:04:09Z"] * 2
    assert customer.job(done)["FinishTime"] == "2026-01-02T03:04:07Z"


def test_a_job_is_finished_once_however_often_its_pipeline_is_paused() -> None:
    customer = Customer(InProcess(callback_url="http://127.0.0.1:9/cb"))
    pipeline_id = made(customer)["PipelineId"]
    submitted(customer, pipeline_id)
    for status in ("Paused", "Active") * 3:
        customer.emulator.advance(0.1)
        customer.call("UpdatePipeline", PipelineId=pipeline_id, Status=status)
    customer.emulator.advance(60)

    assert len(customer.events()) == 1


def test_jobs_of_a_deleted_pipeline_fail_where_only_what_was_made_exists(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(STRICT)
    customer = Customer(InProcess(world))
    template_id = customer.template({"Type": "Normal", "Time": 0, "Count": 1})
    pipeline_id = made(customer)["PipelineId"]
    customer.call("UpdatePipeline", PipelineId=pipeline_id, Status="Paused")
    schedule = {"PipelineId": pipeline_id}
    job_id = customer.submit(template_id=template_id, ScheduleConfig=schedule)
    customer.emulator.advance(60)
    customer.call("DeletePipeline", PipelineId=pipeline_id)
    customer.emulator.advance(2)

    job = customer.job(job_id)

    text = 'The specified resource for "Pipeline" could not be found.'
    assert (job["Status"], job["Code"], job["Message"]) == ("Fail", "ResourceNotFound", text)


@pytest.mark.parametrize(
    ("action", "arguments", "path"),
    [
        ("CreatePipeline", {"Name": "n", "Speed": "Fast"}, "Speed"),
        ("CreatePipeline", {"Name": "n", "Speed": "Boost", "Priority": "0"}, "Priority"),
        ("CreatePipeline", {"Name": "n", "Speed": "Boost", "Priority": "11"}, "Priority"),
        ("CreatePipeline", {"Name": "n", "Speed": "Boost", "Priority": "six"}, "Priority"),
        ("UpdatePipeline", {"PipelineId": "p", "Status": "Stopped"}, "Status"),
        ("ListPipelines", {"Speed": "boost"}, "Speed"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(
    customer: Customer, action: str, arguments: dict[str, str], path: str
) -> None:
    text = f'The specified parameter "{path}" is not valid.'
    assert customer.refused(action, **arguments) == (400, "InvalidParameter", text)


def test_a_pipeline_needs_a_name_and_a_speed(customer: Customer) -> None:
    without = [
        customer.refused("CreatePipeline", **each) for each in ({"Name": "n"}, {"Speed": "Boost"})
    ]

    assert [refusal[1] for refusal in without] == ["MissingSpeed", "MissingName"]
