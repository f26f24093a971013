"""The greeting of a server: where it listens, with which keys, and how SDKs are pointed there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from emulator import __version__
from emulator.model.account import AccessKey, Account

# The key that everybody knows; the secret of any other is not for the logs of a build.
USUAL = "test"
_HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is told. `port` is the one that was bound, `held_at` None where the clock goes,
    `declared_in` the file with the keys, and `scenario` "" where there is none.
    """

    host: str
    port: int
    keys: Sequence[AccessKey]
    accounts: Mapping[tuple[str, str], Account]
    verifies: bool = True
    held_at: datetime | None = None
    declared_in: str = ""
    scenario: str = ""

    @property
    def endpoint(self) -> str:
        """Where programs on this machine reach the server."""
        host = _LOOPBACK.get(self.host, self.host)
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"


def greeting(situation: Situation) -> str:
    """Return the lines that a server prints once it is ready; programs read the first one."""
    keys = {vendor: _first(situation.keys, vendor) for vendor in _SDK_LINES}
    lines = [
        f"emulator {__version__} listens on http://{situation.endpoint}",
        *_notes(situation),
        "",
        *_key_lines(keys.values(), situation.declared_in),
        "",
    ]
    for vendor, (package, text) in _SDK_LINES.items():
        facts = _facts(situation, keys[vendor])
        lines += [package.format_map(facts), *(f"    {line.format_map(facts)}" for line in text)]
        lines.append("")
    return "\n".join(lines)


def _notes(situation: Situation) -> Iterator[str]:
    """Yield a line for each thing that is not as usual."""
    if situation.host in _LOOPBACK:
        yield f"It listens on every address of this machine ({situation.host})."
    if not situation.verifies:
        yield "Signatures are not verified."
    if situation.held_at:
        yield (
            f"The clock is held at {situation.held_at:%Y-%m-%dT%H:%M:%SZ}; "
            "POST /_emulator/clock/advance moves it."
        )
    if situation.scenario:
        yield f"The scenario {situation.scenario} is loaded: things go wrong on purpose."


def _first(keys: Iterable[AccessKey], vendor: str) -> AccessKey:
    """Return a vendor's first key that needs no session token, else its first."""
    own = [key for key in keys if key.vendor == vendor]
    return next((key for key in own if key.enabled and not key.session_token), own[0])


def _key_lines(keys: Iterable[AccessKey], declared_in: str) -> Iterator[str]:
    keys = list(keys)
    if all(key.id == key.secret == USUAL for key in keys):
        yield f"Access key id: {USUAL}    Secret: {USUAL}    (at every vendor)"
        return
    for key in keys:
        secret = USUAL if key.secret == USUAL else f"as in {declared_in}"
        token = ", with its session token" if key.session_token else ""
        yield f"{key.vendor}: access key id {key.id}    Secret: {secret}{token}"


def _facts(situation: Situation, key: AccessKey) -> Mapping[str, str]:
    account = situation.accounts[key.vendor, key.account_id]
    return {
        "endpoint": situation.endpoint,
        "id": key.id,
        "secret": USUAL if key.secret == USUAL else _HIDDEN,
        **_OF_SITE[account.site],
    }


_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # who listens everywhere, here too
# Regions and packages of Tencent's sites; TIW is offered in these (its specs).
_OF_SITE: Mapping[str, Mapping[str, str]] = {
    "intl": {"region": "ap-singapore", "package": "tencentcloud-sdk-python-intl-en"},
    "mainland": {"region": "ap-guangzhou", "package": "tencentcloud-sdk-python"},
}
_SDK_LINES: Mapping[str, tuple[str, Sequence[str]]] = {
    "tencent": (
        "Tencent Cloud TIW, Live ({package})",
        (
            'http = HttpProfile(endpoint="{endpoint}", protocol="http")',
            'client = TiwClient(Credential("{id}", "{secret}"), "{region}", '
            "ClientProfile(httpProfile=http))",
        ),
    ),
    "alibaba": (
        "Alibaba Cloud Intelligent Media Services (alibabacloud-ice20201109)",
        (
            'config = Config(access_key_id="{id}", access_key_secret="{secret}", '
            'endpoint="{endpoint}", protocol="http")',
            "client = Client(config)",
        ),
    ),
    "volcengine": (
        "Volcengine RTC (volcenginesdk-core)",
        (
            "config = volcenginesdkcore.Configuration()",
            'config.ak, config.sk, config.region = "{id}", "{secret}", "cn-north-1"',
            'config.host, config.scheme = "{endpoint}", "http"',
        ),
    ),
}
