"""The administration of a namespace's callbacks: what was sent, and every attempt."""

from collections.abc import Sequence

from emulator.engine.agenda import Agenda
from emulator.model.callback import Delivery
from emulator.spec import jsontext
from emulator.web.operation import Asked, Operation
from emulator.web.shapes import AttemptShown, Callbacks, CallbackShown


async def _list(agenda: Agenda, asked: Asked) -> Callbacks:
    return Callbacks(callbacks=shown(await agenda.namespace.store.deliveries()))


def shown(deliveries: Sequence[Delivery]) -> list[CallbackShown]:
    return [_shown(number, delivery) for number, delivery in enumerate(deliveries, 1)]


def _shown(number: int, delivery: Delivery) -> CallbackShown:
    callback = delivery.callback
    return CallbackShown(
        number=number,
        id=callback.id,
        vendor=callback.vendor,
        event=callback.event,
        task=callback.task_id,
        url=callback.url,
        headers=dict(callback.headers),
        body=callback.body.decode("utf-8", "replace"),
        content=_content(callback.body),
        state=delivery.state,
        created_at=callback.created_at,
        attempts=[
            AttemptShown(number=a.number, at=a.at, status=a.status, problem=a.problem)
            for a in delivery.attempts
        ],
    )


def _content(body: bytes) -> object:
    try:
        return jsontext.decode(body)
    except ValueError:
        return None


OPERATIONS = (
    Operation(
        method="GET",
        path="/callbacks",
        summary="Show each callback, with what was sent and every attempt",
        answer=_list,
        returns=Callbacks,
    ),
)
