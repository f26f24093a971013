"""A namespace: keys, a clock and a journal of one's own."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, Unpack
from urllib.parse import quote, urlsplit

from emulator.client.clock import Clock
from emulator.client.connection import Connections
from emulator.client.environment import environment
from emulator.client.following import follow
from emulator.client.home import Homes
from emulator.client.report import event_line, finding_lines
from emulator.client.scenario import Scenario, sent
from emulator.client.search import (
    CallbackFilter,
    RequestFilter,
    Sighting,
    look_for_callbacks,
    look_for_requests,
    newest,
    nothing,
    searched,
    the_one,
)
from emulator.model.pace import Mode
from emulator.spec import jsontext
from emulator.spec.jsontext import read_shape
from emulator.spec.nearest import with_nearest
from emulator.web.shapes.accounts import Accounts, AccountShown
from emulator.web.shapes.callbacks import CallbackShown, Receipts, ReceiptShown
from emulator.web.shapes.clock import EventShown, Timeline
from emulator.web.shapes.faults import (
    Conduct,
    FindingShown,
    Rules,
    RuleShown,
    RuleSwitch,
    ScenarioShown,
)
from emulator.web.shapes.namespaces import KeyShown, NamespaceShown
from emulator.web.shapes.requests import RequestShown
from emulator.web.shapes.scene import Scene
from emulator.web.shapes.search import CallbackSearch, RequestSearch
from emulator.web.shapes.tasks import (
    FailureAsked,
    PaceAsked,
    Paces,
    PaceShown,
    Results,
    ResultShown,
    Tasks,
    TaskShown,
    TaskToFail,
)

WAIT_SECONDS, HELD_WAIT_SECONDS = 5.0, 1.0


class Namespace:
    """One namespace of a server; a `with` block deletes it at its end.

    What it answers is as `emulator.web.shapes` has it.
    """

    def __init__(self, connections: Connections, shown: NamespaceShown) -> None:
        self._connections = connections
        self._path = f"/_emulator/namespaces/{quote(shown.name, safe='')}"
        self.name = shown.name
        self.seed = shown.seed
        self.callback_url = shown.callback_url
        self.folder: Path | None = None  # where relative paths are looked for first
        self.keys: Sequence[KeyShown] = shown.keys
        self.homes = Homes()
        self.clock = Clock(connections, f"{self._path}/clock", self.homes)

    def __repr__(self) -> str:
        return f"<Namespace {self.name} at {self._connections.url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.delete()

    @property
    def url(self) -> str:
        """The URL of the server, of which this is one namespace."""
        return self._connections.url

    @property
    def endpoint(self) -> str:
        """Host and port, as SDKs want it."""
        return self._connections.host

    def key(self, vendor: str) -> KeyShown:
        """Return the first access key at a vendor."""
        for key in self.keys:
            if key.vendor == vendor:
                return key
        known = ", ".join(dict.fromkeys(key.vendor for key in self.keys))
        raise ValueError(f"no access key at {vendor!r}; there are some at {known}")

    @property
    def environment(self) -> dict[str, str]:
        """The address and the keys by every name that SDKs and commands read, as `emulator exec`
        sets them.
        """
        return environment(self)

    # What came in.

    def requests(self, **wanted: Unpack[RequestFilter]) -> list[RequestShown]:
        """Return the calls that fit, the oldest of the newest hundred first."""
        return list(self._requests_seen(searched(RequestSearch, wanted)).items)

    def request(self, **wanted: Unpack[RequestFilter]) -> RequestShown:
        """Return the call that fits; raises NoMatch where there is none, or another one too."""
        __tracebackhide__ = True
        return the_one(self._requests_seen(searched(RequestSearch, wanted)))

    def assert_no_request(self, **wanted: Unpack[RequestFilter]) -> None:
        """Raise NoMatch, with what came, where a call fits."""
        __tracebackhide__ = True
        nothing(self._requests_seen(searched(RequestSearch, wanted)))

    def wait_for_request(
        self,
        at_least: int = 1,
        timeout_seconds: float | None = None,
        **wanted: Unpack[RequestFilter],
    ) -> RequestShown:
        """Return the newest call that fits, once there are so many.

        Waits 5 s unless told otherwise, 1 s where the clock is held. Raises NoMatch at the
        time-out, which tells what came instead.
        """
        __tracebackhide__ = True
        self._refuse_to_wait("wait_for_request")
        wait = self.wait_seconds(timeout_seconds)
        search = searched(RequestSearch, wanted, at_least, wait)
        return newest(self._requests_seen(search))

    def follow(self, last: int = 0, **wanted: Unpack[RequestFilter]) -> Iterator[RequestShown]:
        """Yield for ever the calls that fit, as they come, after the `last` so many before them."""
        return follow(self._connections, f"{self._path}/requests", last, **wanted)

    # What went out.

    def callbacks(self, **wanted: Unpack[CallbackFilter]) -> list[CallbackShown]:
        """Return the callbacks that fit, the oldest of the newest hundred first."""
        return list(self._callbacks_seen(searched(CallbackSearch, wanted)).items)

    def callback(self, **wanted: Unpack[CallbackFilter]) -> CallbackShown:
        """Return the callback that fits; raises NoMatch where there is none, or another one too.

        Where there is none, the text tells what a held clock keeps back.
        """
        __tracebackhide__ = True
        return the_one(self._callbacks_seen(searched(CallbackSearch, wanted)), self.kept_back)

    def wait_for_callback(
        self,
        at_least: int = 1,
        timeout_seconds: float | None = None,
        **wanted: Unpack[CallbackFilter],
    ) -> CallbackShown:
        """Return the newest callback that fits, once there are so many.

        Waits 5 s unless told otherwise, 1 s where the clock is held. Raises NoMatch at the
        time-out, which tells what was sent instead, and what a held clock keeps back.
        """
        __tracebackhide__ = True
        self._refuse_to_wait("wait_for_callback")
        wait = self.wait_seconds(timeout_seconds)
        search = searched(CallbackSearch, wanted, at_least, wait)
        return newest(self._callbacks_seen(search), self.kept_back)

    def resend(self, callback: CallbackShown | str) -> CallbackShown:
        """Send a callback, or the one with the id, once more now."""
        self._refuse_to_wait("resend")
        callback_id = callback if isinstance(callback, str) else callback.id
        answer = self._ask("POST", f"/callbacks/{quote(callback_id, safe='')}/resend")
        return read_shape(answer, CallbackShown)

    def sink(self, path: str = "") -> list[ReceiptShown]:
        """Return what the built-in receiver got at a path or below."""
        answer = self._ask("GET", f"/sink/{path}" if path else "/sink")
        return list(read_shape(answer, Receipts).received)

    # How the client behaved.

    def conduct(self, *, but: Sequence[str] = ()) -> list[FindingShown]:
        """Return what the client did that it should not, errors first, but by the rules named."""
        return list(read_shape(self._ask("GET", "/conduct", but=",".join(but)), Conduct).findings)

    def assert_good_conduct(self, *, but: Sequence[str] = ()) -> None:
        """Raise an AssertionError that tells all findings, but those of the rules named."""
        __tracebackhide__ = True
        found = self.conduct(but=but)
        if found:
            lines = [line for each in found for line in finding_lines(each)]
            many = "finding" if len(found) == 1 else "findings"
            raise AssertionError("\n".join([f"{len(found)} {many} of conduct:", *lines]))

    # Tasks.

    def tasks(self, kind: str = "") -> list[TaskShown]:
        return list(read_shape(self._ask("GET", "/tasks", kind=kind), Tasks).tasks)

    def task(self, id: str, kind: str = "") -> TaskShown:
        answer = self._ask("GET", f"/tasks/{quote(id, safe='')}", kind=kind)
        return read_shape(answer, TaskShown)

    def hold(self, id: str, kind: str = "*") -> TaskShown:
        """Do nothing for the task until it is released."""
        return self._do("hold", id, kind)

    def release(self, id: str, kind: str = "*") -> TaskShown:
        self._refuse_to_wait("release")
        return self._do("release", id, kind)

    def finish(self, id: str, kind: str = "*") -> TaskShown:
        """Take all steps of the task at once."""
        self._refuse_to_wait("finish")
        return self._do("finish", id, kind)

    def fail(self, id: str, kind: str = "*", code: str = "", message: str = "") -> TaskShown:
        """Let the task fail, as its vendor documents it unless told otherwise."""
        self._refuse_to_wait("fail")
        failure = TaskToFail(id=id, kind=kind, code=code, message=message)
        return read_shape(self._ask("POST", "/tasks/fail", failure), TaskShown)

    def pace(self) -> list[PaceShown]:
        return list(read_shape(self._ask("GET", "/pace"), Paces).pace)

    def set_pace(
        self,
        mode: Literal["immediate", "timed", "polls", "held"],
        kind: str = "*",
        *,
        id: str | None = None,
        seconds: float | None = None,
        polls: int | None = None,
        failure: Mapping[str, str] | None = None,
    ) -> None:
        """Set how fast a kind of task goes, or one task, and how it ends.

        Raises ValueError for a mode that there is not, with the nearest.
        """
        modes = [each.value for each in Mode]
        if mode not in modes:
            expected = ", ".join(modes)
            raise ValueError(f"the mode must be one of {expected}, not {with_nearest(mode, modes)}")
        asked = PaceAsked(
            mode=Mode(mode),
            kind=kind,
            id=id,
            seconds=seconds,
            polls=polls,
            failure=None if failure is None else FailureAsked(**failure),
        )
        self._ask("PUT", "/pace", asked)

    def timeline(self) -> list[EventShown]:
        """Return what is to come, and when."""
        return list(read_shape(self._ask("GET", "/timeline"), Timeline).events)

    def kept_back(self) -> str:
        """Return a line on what a held clock keeps back first, "" where it keeps nothing."""
        events, clock = self.timeline(), self.clock
        if not events or not clock.is_manual:
            return ""
        now = clock.now
        # A task without any duration has its callback due at the moment that stands.
        wanted = "advance(0) is enough" if events[0].due_at <= now else "advance it"
        return f"the clock is held: {wanted}; {event_line(events[0], now)}"

    def wait_seconds(self, asked: float | None = None) -> float:
        """Return how long to wait: while the clock is held, only others at work bring anything."""
        if asked is not None:
            return asked
        return HELD_WAIT_SECONDS if self.clock.is_manual else WAIT_SECONDS

    # What goes wrong.

    def load_scenario(self, scenario: Scenario) -> ScenarioShown:
        """Load one of the server's library by its name, a file by its path, or a document."""
        with sent(scenario, self.folder) as asked:
            if isinstance(asked, str):
                answer = self._ask("POST", "/scenario", name=asked)
            else:
                answer = self._ask("POST", "/scenario", asked)
        return read_shape(answer, ScenarioShown)

    def rules(self) -> list[RuleShown]:
        """Return the rules with how often each fitted and struck."""
        return list(read_shape(self._ask("GET", "/rules"), Rules).rules)

    def rule(self, name: str) -> RuleShown:
        """Return the rule of that name."""
        for each in self.rules():
            if each.name == name:
                return each
        known = [each.name for each in self.rules()]
        raise ValueError(f"there is no rule {with_nearest(name, known)} in {self.name}")

    def add_rules(self, *rules: Mapping[str, Any]) -> list[RuleShown]:
        """Add rules, each as in a scenario file, and in the place of one of its name."""
        return list(read_shape(self._ask("POST", "/rules", {"rules": rules}), Rules).rules)

    def switch_rule(self, name: str, is_on: bool) -> RuleShown:
        answer = self._ask("PATCH", f"/rules/{quote(name, safe='')}", RuleSwitch(is_on=is_on))
        return read_shape(answer, RuleShown)

    def remove_rule(self, name: str) -> None:
        self._ask("DELETE", f"/rules/{quote(name, safe='')}")

    # The world.

    def scene(self) -> Scene:
        """Return the places that were set."""
        return read_shape(self._ask("GET", "/scene"), Scene)

    def set_scene(
        self,
        streams: Sequence[Mapping[str, Any]] = (),
        marks: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Set who publishes where and which marks are set, in the places named."""
        self._ask("PUT", "/scene", {"streams": streams, "marks": marks})

    def accounts(self) -> list[AccountShown]:
        return list(read_shape(self._ask("GET", "/accounts"), Accounts).accounts)

    def set_accounts(self, *accounts: Mapping[str, Any]) -> None:
        """Add accounts, or replace those named; each as in a world file."""
        self._ask("PUT", "/accounts", {"accounts": accounts})

    def results(self) -> list[ResultShown]:
        return list(read_shape(self._ask("GET", "/results"), Results).results)

    def fetch(self, url: str) -> bytes:
        """Return the file at a URL of an answer or a callback, by whatever host it names."""
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._connections.ask("GET", target)

    # The namespace as a whole.

    def reset(self) -> None:
        """Make everything as at creation; keys, seed and world stay."""
        self._ask("POST", "/reset")

    def delete(self) -> None:
        self._ask("DELETE")

    def export(self, secrets: bool = False) -> dict[str, Any]:
        """Return all of it as a document, to keep or to restore."""
        answer = self._ask("GET", "/snapshot", secrets="true" if secrets else "false")
        document: dict[str, Any] = jsontext.decode(answer)
        return document

    def restore(self, document: Mapping[str, Any]) -> None:
        """Become what was exported."""
        self._ask("PUT", "/snapshot", document)

    def _ask(self, method: str, route: str = "", content: object = None, **query: object) -> bytes:
        return self._connections.ask(method, f"{self._path}{route}", content, query=query)

    def _refuse_to_wait(self, method: str) -> None:
        self.homes.refuse_to_wait(f"{method}()", f"await emulator_async.{method}(…)")

    def _do(self, deed: str, id: str, kind: str) -> TaskShown:
        answer = self._ask("POST", f"/tasks/{deed}", {"id": id, "kind": kind})
        return read_shape(answer, TaskShown)

    def _requests_seen(self, search: RequestSearch) -> Sighting[RequestShown]:
        return look_for_requests(self._connections, f"{self._path}/requests/search", search)

    def _callbacks_seen(self, search: CallbackSearch) -> Sighting[CallbackShown]:
        return look_for_callbacks(self._connections, f"{self._path}/callbacks/search", search)
