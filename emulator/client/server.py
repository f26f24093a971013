"""A running server, as a test or a program sees it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self, TypedDict, Unpack
from urllib.parse import quote

from emulator.client.connection import Connections
from emulator.client.following import follow
from emulator.client.namespace import Namespace
from emulator.client.scenario import Scenario, sent
from emulator.client.search import RequestFilter
from emulator.spec.jsontext import read_shape
from emulator.web.shapes.namespaces import Namespaces, NamespaceShown
from emulator.web.shapes.requests import ExplanationShown, Requests, RequestShown
from emulator.web.shapes.server import Health

DEFAULT = "default"


class Declared(TypedDict, total=False):
    """What a namespace is made with: the keys of a world file, its clock, and what goes wrong."""

    clock: Literal["real", "manual"]
    now: datetime | str
    callback_url: str
    seed: int
    unknown_resources: Literal["assume", "refuse"]
    assumed_limits: Literal["enforce", "ignore"]
    calls_per_second: Mapping[str, int]
    accounts: Sequence[Mapping[str, Any]]
    pace: Sequence[Mapping[str, Any]]
    streams: Sequence[Mapping[str, Any]]
    marks: Sequence[Mapping[str, Any]]
    scenario: Scenario


class Server:
    """A server by its URL, and with its token where it asks for one. Threads may share it."""

    def __init__(self, url: str, token: str = "") -> None:
        self._connections = Connections(url, token)

    def __repr__(self) -> str:
        return f"<Server {self.url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        return self._connections.url

    @property
    def endpoint(self) -> str:
        """Host and port, as SDKs want it."""
        return self._connections.host

    @property
    def default(self) -> Namespace:
        """The namespace of the access key `test`."""
        return self.namespace(DEFAULT)

    def health(self) -> Health:
        return read_shape(self._connections.ask("GET", "/_emulator/health"), Health)

    def namespaces(self) -> list[str]:
        """Return the names of all there are."""
        answer = self._connections.ask("GET", "/_emulator/namespaces")
        return [namespace.name for namespace in read_shape(answer, Namespaces).namespaces]

    def namespace(self, name: str) -> Namespace:
        """Return one that exists."""
        answer = self._connections.ask("GET", f"/_emulator/namespaces/{quote(name, safe='')}")
        return Namespace(self._connections, read_shape(answer, NamespaceShown))

    def create(self, name: str | None = None, **declared: Unpack[Declared]) -> Namespace:
        """Make a namespace, with a name that is made up where none is given."""
        asked = {**declared, **({} if name is None else {"name": name})}
        with sent(declared.get("scenario", "")) as scenario:
            asked["scenario"] = scenario
            answer = self._connections.ask("POST", "/_emulator/namespaces", asked)
        return Namespace(self._connections, read_shape(answer, NamespaceShown))

    def restore(self, name: str, document: Mapping[str, Any]) -> Namespace:
        """Make or replace a namespace from what `Namespace.export` returned."""
        path = f"/_emulator/namespaces/{quote(name, safe='')}/snapshot"
        answer = self._connections.ask("PUT", path, document)
        return Namespace(self._connections, read_shape(answer, NamespaceShown))

    def explain(self, request_id: str = "latest") -> ExplanationShown:
        """Say why a call was refused; without an id, the latest refused one of any namespace."""
        path = f"/_emulator/explanations/{quote(request_id, safe='')}"
        return read_shape(self._connections.ask("GET", path), ExplanationShown)

    def unverified(
        self, vendor: str = "", access_key_id: str = "", after: int | None = None
    ) -> list[RequestShown]:
        """Return calls that belong to no namespace, as their signature was not found right."""
        query = {"vendor": vendor, "access_key_id": access_key_id, "after": after}
        answer = self._connections.ask("GET", "/_emulator/unverified", query=query)
        return list(read_shape(answer, Requests).requests)

    def follow_unverified(
        self, last: int = 0, **wanted: Unpack[RequestFilter]
    ) -> Iterator[RequestShown]:
        """Yield for ever such calls that fit, as they come, after the `last` so many before."""
        return follow(self._connections, "/_emulator/unverified", last, **wanted)

    def metrics(self) -> str:
        return self._connections.ask("GET", "/_emulator/metrics").decode()

    def close(self) -> None:
        """Close the connections; the server goes on."""
        self._connections.close()
