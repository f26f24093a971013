"""What the log tells of calls, tasks and callbacks: a line for people, fields for programs."""

from typing import Any

from emulator.spec.value import Value


class Told(Value):
    """One thing that happened; its text is made when the line is written, and not before."""

    def fields(self) -> dict[str, Any]:
        """Return its fields by their names, without those that are empty."""
        return {name: value for name, value in self.members().items() if value != ""}


class CallTold(Told):
    """A call that was answered. `code` is "" unless it was refused, and `why` says more of that.
    `namespace` is "" where the call belongs to none.
    """

    vendor: str
    action: str
    status: int
    code: str
    milliseconds: float
    namespace: str
    request_id: str
    why: str = ""
    fault: str = ""

    def __str__(self) -> str:
        outcome = "ok" if self.status == _OK else f"answered {self.status}"
        if self.code:
            outcome = f"refused: {self.code}"
        action = self.action or "a call without an action"
        struck = f", struck by {self.fault}" if self.fault else ""
        why = f": {self.why}" if self.why else ""
        return (
            f"{self.vendor} {action} {outcome}, {self.milliseconds:.1f} ms, "
            f"{self.namespace or 'no namespace'}, request {self.request_id}{struck}{why}"
        )


class TaskTold(Told):
    """A task that has ended, with its vendor's word for how."""

    vendor: str
    kind: str
    task: str
    status: str
    namespace: str

    def __str__(self) -> str:
        return f"{self.vendor} {self.kind} {self.task} ended: {self.status}, {self.namespace}"


class AttemptTold(Told):
    """An attempt to deliver a callback. `problem` is "" where the receiver took it; `then` says
    what follows from one that failed.
    """

    vendor: str
    event: str
    task: str
    url: str
    attempt: int
    status: int
    problem: str
    milliseconds: float
    namespace: str
    then: str = ""

    def __str__(self) -> str:
        came = self.problem or f"answered {self.status}"
        then = f", {self.then}" if self.then else ""
        return (
            f"{self.vendor} {self.event} of {self.task} to {self.url}: "
            f"attempt {self.attempt}, {came}, {self.milliseconds:.1f} ms, {self.namespace}{then}"
        )


_OK = 200
