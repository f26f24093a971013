"""The built-in receiver of callbacks: answers 200 to anything, and keeps what it got."""

from emulator.engine.agenda import Agenda
from emulator.model.receipt import Receipt
from emulator.web.operation import Asked, Operation
from emulator.web.shapes.callbacks import Receipts, ReceiptShown
from emulator.web.shapes.server import Empty


async def _receive(agenda: Agenda, asked: Asked) -> Empty:
    body = asked.body.decode("utf-8", "replace")
    with agenda.turn:
        receipt = Receipt(asked.path["path"], dict(asked.headers), body)
        agenda.namespace.state.receipts.add(receipt)
    return Empty()


async def _show(agenda: Agenda, asked: Asked) -> Receipts:
    """Return what came to a path, or to any below it."""
    receipts = agenda.namespace.state.receipts.under(asked.path.get("path", ""))
    return Receipts(
        received=[
            ReceiptShown(path=each.path, headers=each.headers, body=each.body) for each in receipts
        ]
    )


OPERATIONS = (
    Operation(
        method="POST",
        path="/sink/{path:path}",
        summary="Take any callback",
        answer=_receive,
        body=bytes,
        query=dict,
        returns=Empty,
    ),
    Operation(
        method="GET",
        path="/sink",
        summary="Show what came to the sink",
        answer=_show,
        returns=Receipts,
    ),
    Operation(
        method="GET",
        path="/sink/{path:path}",
        summary="Show what came to a path of the sink, and below it",
        answer=_show,
        returns=Receipts,
    ),
)
