"""How requests, callbacks and refusals read, for people."""

from collections.abc import Iterator
from datetime import datetime

from emulator.spec.jsontext import shown
from emulator.web.shapes.callbacks import CallbackShown
from emulator.web.shapes.clock import EventShown
from emulator.web.shapes.faults import FindingShown
from emulator.web.shapes.requests import ExplanationShown, RequestShown, ViolationShown
from emulator.web.shapes.search import MissShown

_MAX_SHOWN = 160
_MOST_IDS = 4


def request_line(request: RequestShown) -> str:
    """Return `tencent CreateSnapshotTask accepted {…}`, or what its refusal says."""
    called = f"{request.vendor} {request.action or f'{request.method} {request.path}'}"
    given = _short(request.parameters)
    struck = f"; struck by {request.fault}" if request.fault else ""
    if request.verdict == "accepted":
        unread = f"; nobody reads {', '.join(request.unread)}" if request.unread else ""
        return f"{called} accepted {given}{unread}{struck}"
    said = f"{request.code}: {' '.join(request.message.split())}"
    if not request.code:
        said = f"answered {request.status}" if request.status else "no answer"
    return f"{called} refused: {said} {given}{struck}"


def answer_text(request: RequestShown) -> str:
    return f"answered {_short(request.answer)}"


def callback_line(callback: CallbackShown) -> str:
    sent = f"{callback.vendor} {callback.event} of {callback.task}"
    return f"{sent} to {callback.url}: {callback.state}"


def callback_lines(callback: CallbackShown) -> Iterator[str]:
    """Yield a line for a callback, and one for each attempt."""
    yield callback_line(callback)
    for attempt in callback.attempts:
        came = f"answered {attempt.status}" if attempt.status else "no answer"
        problem = f": {attempt.problem}" if attempt.problem else ""
        yield f"    attempt {attempt.number} at {attempt.at:%H:%M:%S}: {came}{problem}"


def event_line(event: EventShown, now: datetime) -> str:
    """Return `in 2 s: finish of tiw.snapshot cd61…`, for what is to come."""
    of = event.place or event.callback or f"{event.kind} {event.task}"
    return f"in {(event.due_at - now).total_seconds():g} s: {event.what} of {of}"


def miss_line(miss: MissShown) -> str:
    return f"    {miss.field}: expected {_short(miss.expected)}, got {_short(miss.got)}"


def finding_lines(found: FindingShown) -> Iterator[str]:
    """Yield what was found, what a good client does, and by which ids to look it up."""
    yield f"{found.rule} ({found.severity}): {found.sentence}"
    yield f"    {found.advice}"
    more = len(found.evidence) - _MOST_IDS
    tail = f" and {more} more" if more > 0 else ""
    yield f"    seen in {', '.join(found.evidence[:_MOST_IDS])}{tail}"


def explanation(explained: ExplanationShown) -> str:
    """Return all that is known of a refusal, with the ends of lines to be seen."""
    request = explained.request
    parts = [
        [
            f"{request.vendor} {request.action}, request {request.request_id}",
            f"{request.at:%Y-%m-%d %H:%M:%S} UTC, {request.method} {request.path} "
            f"at {request.host}, access key {request.access_key_id}",
            f"{request.verdict}: {request.status} {request.code} {request.message}".rstrip(),
        ],
        [
            *_named("check", explained.check),
            *_named("mistake", explained.mistake),
            *([explained.sentence] if explained.sentence else []),
            *_named("source of the code", explained.source),
        ],
        *(
            [
                f"{found.path}: {_rule(found)}, got {_got(found)}",
                f"    {found.source} (read {found.read_on}, {found.evidence})",
            ]
            for found in explained.violations
        ),
        _visible("canonical request, as computed here", explained.canonical_request),
        _visible("string to sign, as computed here", explained.string_to_sign),
        _named("signature sent", explained.string_to_sign and explained.signature_sent),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _rule(found: ViolationShown) -> str:
    return found.rule if found.limit is None else f"{found.rule} {_short(found.limit)}"


def _got(found: ViolationShown) -> str:
    """Return the value that broke a rule, in words where nothing would be seen of it."""
    if found.value.strip():
        return found.value
    return "nothing" if found.rule == "required" else repr(found.value)


def _visible(title: str, text: str) -> list[str]:
    """Return a text with a mark where a line ends, so that blanks and newlines are seen."""
    if not text:
        return []
    *lines, last = text.split("\n")
    return [f"{title}:", *(f"    {line}⏎" for line in lines), f"    {last}"]


def _named(name: str, text: str) -> list[str]:
    return [f"{name}: {text}"] if text else []


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str) else shown(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
