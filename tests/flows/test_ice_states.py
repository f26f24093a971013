"""What each command of ICE answers in each state, and what follows: tables, one a family.

In a world where only what was made exists, so that what is gone is missed.
"""

from pathlib import Path

import pytest

from tests.flows.ice import STRICT, Customer
from tests.server import InProcess

NOT_FOUND, UNKNOWN_ID = "ResourceNotFound", "0" * 32
ONE_PICTURE = {"Type": "Normal", "Time": 0, "Count": 1}


@pytest.fixture
def customer(tmp_path: Path) -> Customer:
    world = tmp_path / "world.toml"
    world.write_text(STRICT)
    return Customer(InProcess(world))


def pipeline(customer: Customer) -> str:
    made = customer.call("CreatePipeline", Name="Sample", Speed="Boost")["Pipeline"]
    return str(made["PipelineId"])


def default_pipeline(customer: Customer) -> str:
    return str(customer.call("ListPipelines")["PipelineList"][0]["PipelineId"])


# Commands on a pipeline.
ON_PIPELINE = {
    "Get": ("GetPipeline", {}),
    "Rename": ("UpdatePipeline", {"Name": "Other"}),
    "Pause": ("UpdatePipeline", {"Status": "Paused"}),
    "Resume": ("UpdatePipeline", {"Status": "Active"}),
    "Delete": ("DeletePipeline", {}),
}


def on_pipeline(customer: Customer, command: str, pipeline_id: str) -> str:
    """Give a command, and return the code of a refusal, "" for a success."""
    action, arguments = ON_PIPELINE[command]
    answer = customer.send(action, PipelineId=pipeline_id, **arguments)
    return "" if answer.status == 200 else str(answer.content["Code"])


# Jobs, each in a pipeline of its own.

# Each state of a job with the template it names, and what brings it about: commands on the
# pipeline, the call that submits it, and seconds that pass.
JOB_STATES: dict[str, tuple[bool, tuple[int | str, ...]]] = {
    "submitted": (True, ("Submit",)),
    "succeeded": (True, ("Submit", 2)),
    "failed": (False, ("Submit", 2)),
    "held": (True, ("Pause", "Submit", 60)),
    "held, its pipeline deleted": (True, ("Pause", "Submit", 60, "Delete", 2)),
}


def job_in(customer: Customer, state: str) -> tuple[str, str]:
    """Bring a job into a state; return its id and that of its pipeline."""
    has_template, steps = JOB_STATES[state]
    template_id = customer.template(ONE_PICTURE) if has_template else UNKNOWN_ID
    pipeline_id, job_id = pipeline(customer), ""
    for step in steps:
        if isinstance(step, int):
            customer.emulator.advance(step)
        elif step == "Submit":
            schedule = {"PipelineId": pipeline_id}
            job_id = customer.submit(template_id=template_id, ScheduleConfig=schedule)
        else:
            on_pipeline(customer, step, pipeline_id)
    return job_id, pipeline_id


@pytest.mark.parametrize(
    ("state", "status", "code", "pictures"),
    [
        ("submitted", "Init", None, 0),
        ("succeeded", "Success", None, 1),
        ("failed", "Fail", NOT_FOUND, 0),
        ("held", "Init", None, 0),
        ("held, its pipeline deleted", "Fail", NOT_FOUND, 0),
    ],
)
def test_a_job_and_its_pictures_tell_its_state(
    customer: Customer, state: str, status: str, code: str | None, pictures: int
) -> None:
    job_id, _ = job_in(customer, state)

    job = customer.job(job_id)
    urls = customer.call("GetSnapshotUrls", JobId=job_id)

    assert (job["Status"], job.get("Code")) == (status, code)
    assert (len(urls["SnapshotUrls"]), urls["Total"]) == (pictures, pictures)
    assert ("FinishTime" in job) == (status != "Init")


@pytest.mark.parametrize("action", ["GetSnapshotJob", "GetSnapshotUrls"])
def test_an_unknown_job_is_not_found(customer: Customer, action: str) -> None:
    refusal = customer.refused(action, JobId=UNKNOWN_ID)

    assert refusal == (404, NOT_FOUND, "Resource not found")


@pytest.mark.parametrize(
    ("state", "command", "code", "after"),
    [
        ("submitted", "Get", "", "Success"),
        ("submitted", "Pause", "", "Init"),
        ("submitted", "Resume", "", "Success"),
        ("submitted", "Delete", "", "Fail"),
        ("succeeded", "Pause", "", "Success"),
        ("succeeded", "Resume", "", "Success"),
        ("succeeded", "Delete", "", "Success"),
        ("failed", "Pause", "", "Fail"),
        ("failed", "Resume", "", "Fail"),
        ("failed", "Delete", "", "Fail"),
        ("held", "Get", "", "Init"),
        ("held", "Rename", "", "Init"),
        ("held", "Pause", "", "Init"),
        ("held", "Resume", "", "Success"),
        ("held", "Delete", "", "Fail"),
        ("held, its pipeline deleted", "Pause", NOT_FOUND, "Fail"),
        ("held, its pipeline deleted", "Resume", NOT_FOUND, "Fail"),
        ("held, its pipeline deleted", "Delete", NOT_FOUND, "Fail"),
    ],
)
def test_each_command_on_its_pipeline_lets_a_job_go_on_wait_or_fail(
    customer: Customer, state: str, command: str, code: str, after: str
) -> None:
    job_id, pipeline_id = job_in(customer, state)

    answer = on_pipeline(customer, command, pipeline_id)
    customer.emulator.advance(60)

    assert (answer, customer.job(job_id)["Status"]) == (code, after)


# Pipelines: made ones, and the one that every account has.


@pytest.mark.parametrize(
    ("state", "command", "code", "after"),
    [
        ("active", "Get", "", "Active"),
        ("active", "Rename", "", "Active"),
        ("active", "Pause", "", "Paused"),
        ("active", "Resume", "", "Active"),
        ("active", "Delete", "", NOT_FOUND),
        ("paused", "Get", "", "Paused"),
        ("paused", "Rename", "", "Paused"),
        ("paused", "Pause", "", "Paused"),
        ("paused", "Resume", "", "Active"),
        ("paused", "Delete", "", NOT_FOUND),
        *[("deleted", command, NOT_FOUND, NOT_FOUND) for command in ON_PIPELINE],
        *[("unknown", command, NOT_FOUND, NOT_FOUND) for command in ON_PIPELINE],
        ("default", "Get", "", "Active"),
        ("default", "Rename", "", "Active"),
        ("default", "Pause", "", "Paused"),
        ("default", "Resume", "", "Active"),
        ("default", "Delete", "InvalidParameter", "Active"),
        ("default, paused", "Resume", "", "Active"),
        ("default, paused", "Delete", "InvalidParameter", "Paused"),
    ],
)
def test_each_command_on_a_pipeline_in_each_state_changes_it_or_is_refused(
    customer: Customer, state: str, command: str, code: str, after: str
) -> None:
    pipeline_id = UNKNOWN_ID
    if state != "unknown":
        pipeline_id = (default_pipeline if "default" in state else pipeline)(customer)
    if "paused" in state:
        on_pipeline(customer, "Pause", pipeline_id)
    if state == "deleted":
        on_pipeline(customer, "Delete", pipeline_id)

    answer = on_pipeline(customer, command, pipeline_id)

    shown = customer.send("GetPipeline", PipelineId=pipeline_id).content
    assert answer == code
    assert (shown.get("Code") or shown["Pipeline"]["Status"]) == after


# Templates, of which one of each subtype is the default.

ON_TEMPLATE = {
    "Get": ("GetCustomTemplate", {}),
    "Rename": ("UpdateCustomTemplate", {"Name": "Other"}),
    "Choose": ("SetDefaultCustomTemplate", {}),
    "Delete": ("DeleteCustomTemplate", {}),
}
# Each state of a template with what brings it about: on it, 0, or on another one, 1.
TEMPLATE_STATES: dict[str, tuple[tuple[int, str], ...]] = {
    "made": (),
    "default": ((0, "Choose"),),
    "made, another default": ((1, "Choose"),),
    "deleted": ((0, "Delete"),),
}


def on_template(customer: Customer, command: str, template_id: str) -> str:
    """Give a command, and return the code of a refusal, "" for a success."""
    action, arguments = ON_TEMPLATE[command]
    answer = customer.send(action, TemplateId=template_id, **arguments)
    return "" if answer.status == 200 else str(answer.content["Code"])


@pytest.mark.parametrize(
    ("state", "command", "code", "default", "job"),
    [
        ("made", "Get", "", "none", "Success"),
        ("made", "Rename", "", "none", "Success"),
        ("made", "Choose", "", "this", "Success"),
        ("made", "Delete", "", "none", "Fail"),
        ("default", "Get", "", "this", "Success"),
        ("default", "Rename", "", "this", "Success"),
        ("default", "Choose", "", "this", "Success"),
        ("default", "Delete", "", "none", "Fail"),
        ("made, another default", "Get", "", "other", "Success"),
        ("made, another default", "Rename", "", "other", "Success"),
        ("made, another default", "Choose", "", "this", "Success"),
        ("made, another default", "Delete", "", "other", "Fail"),
        *[("deleted", command, NOT_FOUND, "none", "Fail") for command in ON_TEMPLATE],
    ],
)
def test_each_command_on_a_template_in_each_state_changes_it_or_is_refused(
    customer: Customer, state: str, command: str, code: str, default: str, job: str
) -> None:
    ids = [customer.template(ONE_PICTURE) for _ in range(2)]
    for which, step in TEMPLATE_STATES[state]:
        assert on_template(customer, step, ids[which]) == ""

    answer = on_template(customer, command, ids[0])
    job_id = customer.submit(template_id=ids[0])
    customer.emulator.advance(2)

    listed = customer.call("ListCustomTemplates", Type="2")["CustomTemplateList"]
    chosen = [each["TemplateId"] for each in listed if each["IsDefault"]]
    assert (answer, chosen) == (code, {"none": [], "this": ids[:1], "other": ids[1:]}[default])
    assert customer.job(job_id)["Status"] == job
