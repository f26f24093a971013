"""A web server for an application under test, on a port of its own, and a client to ask it."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Answer(NamedTuple):
    status: int
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class Site:
    """Where the application is served, once it is given with `serve`."""

    def __init__(self, server: WSGIServer) -> None:
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}"

    def serve(self, application: "WSGIApplication") -> None:
        self._server.set_app(application)

    def ask(self, method: str, path: str, content: object = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.server_port, timeout=10)
        try:
            connection.request(method, path, None if content is None else json.dumps(content))
            response = connection.getresponse()
            return Answer(response.status, response.read())
        finally:
            connection.close()


@contextmanager
def serving() -> Iterator[Site]:
    """Serve in a thread until the block ends."""
    with WSGIServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
        thread.start()
        yield Site(server)
        server.shutdown()
        thread.join(10)


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None: ...
