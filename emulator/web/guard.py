"""The doorkeeper of /_emulator: who may ask the administration, and from where.

Two doors, of each namespace, stand open to programs that know this server by other names than its
owner does, and that cannot be taught a token:

- Results are public reads, as in the object storage they stand for: what a `--public-url` leads
  to must open under that URL's host, for anybody.
- Callbacks are posted to the sink by whoever sends them, by the name that was configured as the
  callback's URL. What came is read at the guarded door.

Health tells a probe whether the server is up, and needs no token; its host is judged. Without the
token it says nothing from which a namespace or an id could be guessed.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.web.operation import MAY_ADMINISTER
from emulator.web.problem import AdminError, document

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_READS = ("GET", "HEAD")
_OPEN: Sequence[tuple[tuple[str, ...], re.Pattern[str]]] = (
    (_READS, re.compile("/_emulator/(?:namespaces/[^/]+/)?results/.*", re.DOTALL)),
    (("POST",), re.compile("/_emulator/(?:namespaces/[^/]+/)?sink/.*", re.DOTALL)),
)
_HEALTH = "/_emulator/health"
_AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]/@,\s]+))(?::[0-9]*)?", re.IGNORECASE)
_MAX_SHOWN = 255
_CHALLENGE: Mapping[str, str] = {"www-authenticate": 'Bearer realm="emulator"'}


@dataclass(frozen=True, slots=True)
class Guard:
    """Passes on to `app` what may enter, and answers the rest with a problem document.

    `host` is the address listened on, `names` are the host names that are ours besides, and
    `token` is "" where none is asked for.
    """

    app: ASGIApp
    host: str
    names: frozenset[str]
    token: str = field(repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            problem = self._problem(request)
            scope[MAY_ADMINISTER] = self._token_problem(request) is None
            if problem is not None:
                answer = document(problem)
                answer.headers.update(_CHALLENGE if problem.status == 401 else {})
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _problem(self, request: Request) -> AdminError | None:
        method, path = request.method, request.scope["path"]
        return (
            (None if is_open(method, path) else self._host_problem(request))
            or _origin_problem(request)
            or (self._token_problem(request) if is_guarded(method, path) else None)
        )

    def _host_problem(self, request: Request) -> AdminError | None:
        """A page of another site, whose name is made to lead here, still sends its own name."""
        host = ",".join(request.headers.getlist("host"))
        name = host_name(host)
        if name and (is_local(name) or name in self.names):
            return None
        return AdminError(
            403,
            "Not a host name of this server",
            f"the administration does not answer to Host {host[:_MAX_SHOWN]!r}; call it by "
            "localhost or a private address, or start the server with --admin-host NAME",
        )

    def _token_problem(self, request: Request) -> AdminError | None:
        if not self.token:
            return AdminError(403, *NO_TOKEN) if needs_token(self.host) else None
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        is_right = hmac.compare_digest(sent.strip().encode("latin-1"), self.token.encode())
        if scheme.lower() == "bearer" and is_right:
            return None
        return AdminError(
            401,
            "Not the admin token",
            "the server was started with --admin-token or EMULATOR_ADMIN_TOKEN: send that token as "
            "'Authorization: Bearer TOKEN', or give it to commands as --token, to pytest as "
            "--emulator-token, or to both as EMULATOR_ADMIN_TOKEN",
        )


def is_open(method: str, path: str) -> bool:
    """Return whether it is done for whoever knows the server by whatever name."""
    return any(method in methods and pattern.fullmatch(path) for methods, pattern in _OPEN)


def is_guarded(method: str, path: str) -> bool:
    """Return whether it is done only for who has the token."""
    return not is_open(method, path) and not (method in _READS and path == _HEALTH)


NO_TOKEN = (
    "No admin token",
    "the server listens beyond this machine, where the administration is for those with a token: "
    "start it with --admin-token TOKEN or EMULATOR_ADMIN_TOKEN, or with --host 127.0.0.1",
)


def needs_token(host: str) -> bool:
    """Return whether an address listened on is, or may be, reached from other machines."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host.lower() != "localhost"


def host_name(authority: str) -> str:
    """Return the name in `name:port`, in lower case and without a last dot; "" if it is none."""
    match = _AUTHORITY.fullmatch(authority.strip())
    return (match[1] or match[2]).lower().removesuffix(".") if match else ""


def is_local(name: str) -> bool:
    """Return whether a host name can only mean this machine or a private network."""
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost"
    return address.is_loopback or address.is_private


def _origin_problem(request: Request) -> AdminError | None:
    """Nothing of another origin is written; no answer has CORS headers, so nothing is read."""
    if request.method in _SAFE:
        return None
    sites, origins = request.headers.getlist("sec-fetch-site"), request.headers.getlist("origin")
    own = request.headers.get("host", "").lower()
    is_ours = all(site in ("same-origin", "none") for site in sites) and all(
        origin.lower() in (f"http://{own}", f"https://{own}") for origin in origins
    )
    if is_ours:
        return None
    return AdminError(
        403,
        "Not from another origin",
        f"a browser sent this {request.method} for a page of another origin; "
        "use a program, or a page that this server served itself",
    )
