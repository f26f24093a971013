"""The way to a server: connections that stay open, and problems as exceptions."""

import http.client
import socket
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from emulator.spec import jsontext

PATIENCE_SECONDS = 60.0


class AdminProblem(RuntimeError):  # noqa: N818  # it is what RFC 9457 calls a problem
    """What the administration refused; the text is that of its problem document."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(f"{title}: {detail}" if detail else title)
        self.status = status
        self.title = title
        self.detail = detail


class Unreachable(ConnectionError):  # noqa: N818  # it says what the server is
    """Nobody answers at the server's URL."""


class Answer(NamedTuple):
    status: int
    body: bytes


class Line:
    """What one caller waits on, so that another thread can end the wait."""

    def __init__(self) -> None:
        self.is_ended = False
        self._connection: http.client.HTTPConnection | None = None

    def hold(self, connection: http.client.HTTPConnection) -> None:
        """Wait on a connection that was just asked; raises Unreachable where the wait is over."""
        self._connection = connection
        if self.is_ended:
            raise Unreachable("the wait for an answer was given up")

    def let_go(self) -> None:
        """Wait no longer: the connection is for others again."""
        self._connection = None

    def end(self) -> None:
        """End the wait for an answer; the server sees that its caller left."""
        self.is_ended = True
        connection = self._connection
        if connection and (sock := connection.sock):
            with suppress(OSError):  # it is closed by now
                sock.shutdown(socket.SHUT_RDWR)


# The line of the thread that asks; none where nobody may end its waits.
LINE: ContextVar[Line | None] = ContextVar("line", default=None)


class Connections:
    """As many connections to one server as there are threads asking at once; thread-safe."""

    def __init__(self, url: str, token: str) -> None:
        self._idle: deque[http.client.HTTPConnection] = deque()
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.path or parts.query:
            raise ValueError(f"{url!r} is no server's URL; expected one like http://127.0.0.1:4588")
        self.host = parts.netloc.rpartition("@")[2]
        self._open = _SCHEMES[parts.scheme]
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def __del__(self) -> None:
        self.close()

    def ask(
        self,
        method: str,
        path: str,
        content: object = None,
        patience_seconds: float = PATIENCE_SECONDS,
        query: Mapping[str, object] | None = None,
    ) -> bytes:
        """Return the body of an answer; raises AdminProblem where it is a refusal."""
        asked = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        target = f"{path}?{urlencode(asked)}" if asked else path
        body = None if content is None else jsontext.encode(content)
        answer = self.send(method, target, body, patience_seconds)
        if answer.status < 400:
            return answer.body
        raise _problem(answer)

    def send(self, method: str, target: str, body: bytes | None, patience_seconds: float) -> Answer:
        """Send once more where a connection turns out to have been closed while it was idle."""
        headers = {**self._headers, **({} if body is None else {"content-type": _JSON})}
        line = LINE.get()
        while True:
            connection, is_fresh = self._take(patience_seconds)
            try:
                connection.request(method, target, body, headers)
                if line:
                    line.hold(connection)
                with connection.getresponse() as response:
                    content = response.read()
                if line:
                    line.let_go()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                is_over = line is not None and line.is_ended
                if is_fresh or is_over or not isinstance(error, ConnectionError):
                    raise Unreachable(f"no emulator answers at {self.url} ({error})") from None
            except BaseException:
                connection.close()
                raise
            else:
                self._idle.append(connection)
                return Answer(response.status, content)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _take(self, patience_seconds: float) -> tuple[http.client.HTTPConnection, bool]:
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._open(self.host, timeout=patience_seconds), True
        if connection.sock is None:  # the server said that it closes it
            connection.timeout = patience_seconds
            return connection, True
        connection.sock.settimeout(patience_seconds)
        return connection, False


def _problem(answer: Answer) -> AdminProblem:
    try:
        document: dict[str, Any] = jsontext.decode(answer.body)
        return AdminProblem(answer.status, document["title"], document.get("detail", ""))
    except (ValueError, LookupError, TypeError):
        shown = answer.body[:200].decode("utf-8", "replace")
        return AdminProblem(answer.status, f"Answer {answer.status}, which is no emulator's", shown)


_JSON = "application/json"
_SCHEMES: dict[str, type[http.client.HTTPConnection]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}
