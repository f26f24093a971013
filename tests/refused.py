"""An emulator that keeps what it refused, to explain it afterwards."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from emulator.app import Application
from emulator.engine.agenda import Agenda
from emulator.engine.emulation import Emulation
from emulator.engine.explanation import Explanation, explain
from emulator.engine.mishap import NO_MISHAP, Mishap
from emulator.engine.pipeline import Pipeline
from emulator.model.call import Call
from emulator.model.error import ApiError, Refused
from emulator.model.http import Response
from emulator.model.vendor import Vendor
from emulator.web.gateway import Gateway


class Refusing(NamedTuple):
    vendor: Vendor
    call: Call
    error: Refused
    now: datetime


class Keeping(Pipeline):
    """Answers as any pipeline does, and keeps what an explanation needs."""

    def __init__(self, emulation: Emulation) -> None:
        super().__init__(emulation)
        self.refused: list[Refusing] = []

    def _refuse(
        self,
        vendor: Vendor,
        call: Call,
        error: ApiError,
        began: float,
        mishap: Mishap = NO_MISHAP,
        agenda: Agenda | None = None,
    ) -> Response:
        now = self.emulation.clock.now()
        self.refused.append(Refusing(vendor, call, error.refused, now))
        return super()._refuse(vendor, call, error, began, mishap, agenda)

    def explained(self) -> Explanation:
        """Explain the last refusal."""
        return explain(self.emulation, *self.refused[-1])


def keeping(app: Application) -> tuple[Application, Keeping]:
    """Return the application with a pipeline that keeps what it refuses."""
    pipeline = Keeping(app.emulation)
    return replace(app, gateway=Gateway(pipeline)), pipeline
