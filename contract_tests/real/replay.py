"""A recorded answer beside our spec and beside the emulator's own answer."""

from collections.abc import Iterator
from datetime import UTC, datetime

from contract_tests.drift.specs import Product, products
from contract_tests.real.fitting import misfits, refusal, result
from contract_tests.real.question import Question
from contract_tests.real.recording import Recording, redacted
from contract_tests.real.service import Account, Send, sign

_ANYBODY = Account("test", "test")


def disagreements(recording: Recording, send: Send) -> Iterator[str]:
    """Yield where the recording is not what the spec allows, or not what the emulator answers.

    What makes successes differ is the account, so of these only the members are compared.
    """
    product = product_of(recording.vendor, recording.version)
    members = product.form(recording.action).response
    theirs = refusal(recording.status, recording.response)
    if theirs is None:
        for misfit in misfits(result(recording.response), members):
            yield f"{product.where(recording.action)}: response.{misfit} in {recording.title!r}"
    answer = send(sign(_question(recording), _ANYBODY, datetime.now(UTC), {}))
    ours = refusal(answer.status, redacted(answer.content, members))
    if (answer.status, ours) != (recording.status, theirs):
        yield (
            f"{recording.path}: {recording.title!r} was answered {recording.status} {theirs}, "
            f"the emulator answers {answer.status} {ours}"
        )


def product_of(vendor: str, version: str) -> Product:
    return next(each for each in products() if (each.vendor, each.version) == (vendor, version))


def _question(recording: Recording) -> Question:
    return Question(
        vendor=recording.vendor,
        product=recording.product,
        version=recording.version,
        action=recording.action,
        title=recording.title,
        method=recording.method,
        arguments=recording.request,
    )
