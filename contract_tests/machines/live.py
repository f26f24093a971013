"""Snapshot templates of Live, the rules that bind them, and screenshot tasks."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from contract_tests.machines import require
from contract_tests.target import Target
from contract_tests.things import live_template

IN_USE = "FailedOperation.ConfInUsed"
UNKNOWN_TEMPLATE = "FailedOperation.NotFound"
UNKNOWN_ON_DELETE = "InternalError.ConfNotFound"
UNKNOWN_TO_RULE = "InvalidParameter.ConfNotFound"
BOUND_ALREADY = "FailedOperation.RuleAlreadyExist"
NO_RULE = "FailedOperation.NotFound"
NO_TASK = "InvalidParameter"
TOO_MANY = "LimitExceeded.MaximumRunningTask"
_MOST_AT_A_TIME = 3
_MOST_TEMPLATES = 20


@dataclass
class Template:
    id: int
    values: dict[str, Any] = field(default_factory=lambda: {"TemplateName": "t"})
    is_there: bool = True


@dataclass
class StreamTask:
    """A task of a period in Unix seconds; stopped, it ends then, and deleted nobody knows it."""

    id: str
    start: int
    end: int
    until: int
    stopped_at: int = 0
    is_known: bool = True


class Live(RuleBasedStateMachine):
    """One domain with one template at a time, and one stream with tasks on it."""

    templates = Bundle("templates")
    tasks = Bundle("tasks")

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self.domain = f"d{target.number()}.example.com"
        self.stream = f"stream{target.number()}"
        self.bound: Template | None = None
        self.known_templates: list[Template] = []
        self.known_tasks: list[StreamTask] = []

    @initialize(target=templates)
    def first_template(self) -> Template:
        return self._create_template()

    @rule(target=templates)
    def create_template(self) -> Template:
        if sum(each.is_there for each in self.known_templates) >= _MOST_TEMPLATES:
            return self.known_templates[0]
        return self._create_template()

    @rule(one=templates, interval=st.integers(2, 300))
    def modify_template(self, one: Template, interval: int) -> None:
        cos = {"CosAppId": 1, "CosBucket": "b", "CosRegion": "ap-guangzhou"}
        asked = {"TemplateId": one.id, "SnapshotInterval": interval, **cos}
        code = self.target.refused("ModifyLiveSnapshotTemplate", asked)

        expected = "" if one.is_there else UNKNOWN_TEMPLATE
        require("ModifyLiveSnapshotTemplate", code, expected)
        one.values["SnapshotInterval"] = interval

    @rule(one=templates)
    def delete_template(self, one: Template) -> None:
        code = self.target.refused("DeleteLiveSnapshotTemplate", {"TemplateId": one.id})

        expected = IN_USE if self.bound is one else "" if one.is_there else UNKNOWN_ON_DELETE
        require("DeleteLiveSnapshotTemplate", code, expected)
        one.is_there = one.is_there and bool(code)

    @rule(one=templates)
    def bind(self, one: Template) -> None:
        asked = {"DomainName": self.domain, "TemplateId": one.id}
        code = self.target.refused("CreateLiveSnapshotRule", asked)

        expected = BOUND_ALREADY if self.bound else ""
        if not one.is_there:
            expected = UNKNOWN_TO_RULE
        require("CreateLiveSnapshotRule", code, expected)
        self.bound = self.bound if code else one

    @rule()
    def unbind(self) -> None:
        code = self.target.refused("DeleteLiveSnapshotRule", {"DomainName": self.domain})

        expected = "" if self.bound else NO_RULE
        require("DeleteLiveSnapshotRule", code, expected)
        self.bound = None

    @rule(target=tasks, begins_in=st.integers(0, 40), lasts=st.integers(1, 60))
    def create_task(self, begins_in: int, lasts: int) -> StreamTask | None:
        self.target.advance(1)
        start = self.target.now + 1 + begins_in
        period = {"StartTime": start, "EndTime": start + lasts, "TemplateId": 1}
        asked = {**self._names(), "AppName": "live", **period}
        busiest = max(self._at_once(moment) for moment in range(start, start + lasts))
        if busiest >= _MOST_AT_A_TIME:
            code = self.target.refused("CreateScreenshotTask", asked)
            require("CreateScreenshotTask", code, TOO_MANY, f"beside {busiest} others")
            return None
        task_id = self.target.ask("CreateScreenshotTask", asked)["TaskId"]
        self.known_tasks.append(StreamTask(task_id, start, start + lasts, start + lasts))
        return self.known_tasks[-1]

    @rule(one=tasks)
    def stop_task(self, one: StreamTask | None) -> None:
        if one is None:
            return
        code = self.target.refused("StopScreenshotTask", {"TaskId": one.id})

        expected = "" if one.is_known else NO_TASK
        require("StopScreenshotTask", code, expected)
        if not code and not one.stopped_at:
            one.stopped_at = self.target.now
            one.until = min(one.until, self.target.now)

    @rule(one=tasks)
    def delete_task(self, one: StreamTask | None) -> None:
        if one is None:
            return
        code = self.target.refused("DeleteScreenshotTask", {"TaskId": one.id})

        expected = "" if one.is_known else NO_TASK
        require("DeleteScreenshotTask", code, expected)
        if one.is_known and self.target.now < one.start:
            one.until = min(one.until, self.target.now)
        one.is_known = False

    @rule(seconds=st.sampled_from((1, 5, 30)))
    def wait(self, seconds: int) -> None:
        self.target.advance(seconds)

    @invariant()
    def templates_are_shown_as_they_are(self) -> None:
        listed = self.target.ask("DescribeLiveSnapshotTemplates")["Templates"]
        shown = {each["TemplateId"]: each for each in listed}
        for one in self.known_templates:
            if not one.is_there:
                continue
            values = {name: shown[one.id][name] for name in one.values}
            require("DescribeLiveSnapshotTemplates", values, one.values)
        gone = {each.id for each in self.known_templates if not each.is_there}
        gone -= {each.id for each in self.known_templates if each.is_there}
        require("DescribeLiveSnapshotTemplates", gone & shown.keys(), set())

    @invariant()
    def rules_are_shown_as_they_are(self) -> None:
        rules = self.target.ask("DescribeLiveSnapshotRules")["Rules"]
        found = [each["TemplateId"] for each in rules if each["DomainName"] == self.domain]
        expected = [self.bound.id] if self.bound else []
        require("DescribeLiveSnapshotRules", found, expected)

    @invariant()
    def tasks_are_listed_with_their_ends(self) -> None:
        now = self.target.now
        asked = {**self._names(), "StartTime": now - 86400, "EndTime": now + 86400}
        listed = self.target.ask("DescribeScreenshotTask", asked)["TaskList"]
        shown = {(each["TaskId"], each["EndTime"], each["Stopped"]) for each in listed}
        expected = {(t.id, t.end, t.stopped_at) for t in self.known_tasks if t.is_known}
        require("DescribeScreenshotTask", shown, expected)

    def teardown(self) -> None:
        self.target.refused("DeleteLiveSnapshotRule", {"DomainName": self.domain})
        for template in self.known_templates:
            self.target.refused("DeleteLiveSnapshotTemplate", {"TemplateId": template.id})
        for task in self.known_tasks:
            self.target.refused("DeleteScreenshotTask", {"TaskId": task.id})

    def _create_template(self) -> Template:
        made = live_template(self.target, "Snapshot")["TemplateId"]
        self.known_templates.append(Template(made))
        return self.known_templates[-1]

    def _names(self) -> dict[str, Any]:
        return {"DomainName": "push.example.com", "StreamName": self.stream}

    def _at_once(self, moment: int) -> int:
        """Return how many tasks run then; a deleted one goes on with the push it worked on."""
        return sum(each.start <= moment < each.until for each in self.known_tasks)
