"""Templates, pipelines and jobs of ICE."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from contract_tests.machines import require
from contract_tests.target import Target
from contract_tests.things import CONFIG, JOB

NOT_FOUND = "ResourceNotFound"
_SNAPSHOT_TYPE = "2"
# A job takes two seconds, counted from when its pipeline lets it go.
_WORK_SECONDS = 2


@dataclass
class Thing:
    """A template or pipeline as it ought to be."""

    id: str
    values: dict[str, Any]
    is_there: bool = True


@dataclass
class Job:
    id: str
    pipeline: Thing
    due_at: float
    looks: list[float] = field(default_factory=list)
    status: str = "Init"


class Ice(RuleBasedStateMachine):
    """What is made is shown as it was made or changed, until it is deleted."""

    templates = Bundle("templates")
    pipelines = Bundle("pipelines")

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self.known_templates: list[Thing] = []
        self.known_pipelines: list[Thing] = []
        self.jobs: list[Job] = []

    @initialize(target=templates)
    def first_template(self) -> Thing:
        return self._create_template("first")

    @initialize(target=pipelines)
    def first_pipeline(self) -> Thing:
        return self._create_pipeline("Standard", 1)

    @rule(target=templates, name=st.sampled_from(("a", "b", "é")))
    def create_template(self, name: str) -> Thing:
        return self._create_template(name)

    @rule(one=templates, name=st.sampled_from(("c", "d")))
    def rename_template(self, one: Thing, name: str) -> None:
        code = self.target.refused("UpdateCustomTemplate", {"TemplateId": one.id, "Name": name})

        self._expect("UpdateCustomTemplate", one, code)
        if not code:
            one.values["TemplateName"] = name

    @rule(one=templates)
    def make_default(self, one: Thing) -> None:
        code = self.target.refused("SetDefaultCustomTemplate", {"TemplateId": one.id})

        self._expect("SetDefaultCustomTemplate", one, code)
        if not code:
            for other in self.known_templates:
                other.values["IsDefault"] = other is one
            shown = self.target.ask("GetCustomTemplate", {"Type": 2, "Subtype": 1})
            assert shown["CustomTemplate"]["TemplateId"] == one.id

    @rule(one=templates)
    def delete_template(self, one: Thing) -> None:
        code = self.target.refused("DeleteCustomTemplate", {"TemplateId": one.id})

        self._expect("DeleteCustomTemplate", one, code)
        one.is_there = False

    @rule(
        target=pipelines,
        speed=st.sampled_from(("Standard", "Boost", "NarrowBandHDV2")),
        priority=st.integers(1, 10),
    )
    def create_pipeline(self, speed: str, priority: int) -> Thing:
        return self._create_pipeline(speed, priority)

    @rule(one=pipelines, status=st.sampled_from(("Active", "Paused")))
    def change_pipeline(self, one: Thing, status: str) -> None:
        code = self.target.refused("UpdatePipeline", {"PipelineId": one.id, "Status": status})

        self._expect("UpdatePipeline", one, code)
        if not code:
            is_resumed = (one.values["Status"], status) == ("Paused", "Active")
            self._settle()
            one.values["Status"] = status
            self._look_again(one if is_resumed else None)

    @rule(one=pipelines)
    def delete_pipeline(self, one: Thing) -> None:
        code = self.target.refused("DeletePipeline", {"PipelineId": one.id})

        self._expect("DeletePipeline", one, code)
        self._settle()
        if one.is_there:
            # The jobs that it held find that it is gone, and fail.
            one.is_there, one.values["Status"] = False, "Active"
            self._look_again(one)

    @rule(one=pipelines)
    def submit(self, one: Thing) -> None:
        asked = {**JOB, "ScheduleConfig": {"PipelineId": one.id}}
        job_id = self.target.ask("SubmitSnapshotJob", asked)["JobId"]
        due_at = self.target.now + _WORK_SECONDS
        self.jobs.append(Job(job_id, one, due_at, [due_at]))

    @rule(seconds=st.sampled_from((1, 1, 2, 5)))
    def wait(self, seconds: int) -> None:
        for _ in range(seconds):
            self.target.advance(1)
            self._settle()

    @invariant()
    def queries_tell_what_there_is(self) -> None:
        for one in self.known_templates[-3:]:
            self._shown("GetCustomTemplate", "TemplateId", "CustomTemplate", one)
        for one in self.known_pipelines[-3:]:
            self._shown("GetPipeline", "PipelineId", "Pipeline", one)
        for job in self.jobs[-3:]:
            shown = self.target.ask("GetSnapshotJob", {"JobId": job.id})["SnapshotJob"]
            self._settle()
            require("GetSnapshotJob", shown["Status"], job.status)

    @invariant()
    def lists_show_what_there_is(self) -> None:
        found = self.target.ask("ListPipelines")["PipelineList"]
        listed = {each["PipelineId"] for each in found}
        for one in self.known_pipelines:
            require("ListPipelines", one.id in listed, one.is_there, f"of {one.id}")
        asked = {"Type": _SNAPSHOT_TYPE, "PageSize": 100}
        templates = self.target.ask("ListCustomTemplates", asked)["CustomTemplateList"]
        kept = {each["TemplateId"] for each in templates}
        for one in self.known_templates:
            require("ListCustomTemplates", one.id in kept, one.is_there, f"of {one.id}")

    def teardown(self) -> None:
        for one in self.known_templates:
            self.target.refused("DeleteCustomTemplate", {"TemplateId": one.id})
        for one in self.known_pipelines:
            self.target.refused("DeletePipeline", {"PipelineId": one.id})

    def _create_template(self, name: str) -> Thing:
        asked = {"Name": name, "Type": 2, "TemplateConfig": CONFIG}
        made = self.target.ask("CreateCustomTemplate", asked)["CustomTemplate"]
        values = {"TemplateName": name, "IsDefault": False, "SubtypeName": "Normal"}
        self.known_templates.append(Thing(made["TemplateId"], values))
        return self.known_templates[-1]

    def _create_pipeline(self, speed: str, priority: int) -> Thing:
        asked = {"Name": "contract", "Speed": speed, "Priority": priority}
        made = self.target.ask("CreatePipeline", asked)["Pipeline"]
        self.known_pipelines.append(Thing(made["PipelineId"], {**asked, "Status": "Active"}))
        return self.known_pipelines[-1]

    def _expect(self, action: str, one: Thing, code: str) -> None:
        expected = "" if one.is_there else NOT_FOUND
        require(action, code, expected)

    def _shown(self, action: str, name: str, holder: str, one: Thing) -> None:
        if not one.is_there:
            assert self.target.refused(action, {name: one.id}) == NOT_FOUND
            return
        shown = self.target.ask(action, {name: one.id})[holder]
        wrong = {key: shown.get(key) for key, value in one.values.items() if shown[key] != value}
        require(action, wrong, {}, f"of {one.values}")

    def _look_again(self, pipeline: Thing | None) -> None:
        """Let the jobs that a pipeline held be looked at after their time of work."""
        for job in self.jobs:
            if job.pipeline is pipeline and job.status == "Init":
                job.looks.append(self.target.now + _WORK_SECONDS)

    def _settle(self) -> None:
        """Let each job end that was looked at by now while its pipeline was active."""
        for job in self.jobs:
            due = [moment for moment in job.looks if moment <= self.target.now]
            if due and job.status == "Init" and job.pipeline.values["Status"] == "Active":
                job.status = "Success" if job.pipeline.is_there else "Fail"
            job.looks = [moment for moment in job.looks if moment > self.target.now]
