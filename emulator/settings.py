"""Settings of one server, from flags, the environment or `emulator.toml`."""

from dataclasses import dataclass, field
from pathlib import Path

from emulator.spec.document import Table, read
from emulator.spec.line import locating


@dataclass(frozen=True, slots=True)
class Settings:
    """`seed` None means a fresh one at every start; `callback_url` "" means none by default.

    `scenario` names one of the library, or a file.
    """

    host: str = "127.0.0.1"
    port: int = 4588
    world: Path | None = None
    scenario: str = ""
    auth: str = "on"
    seed: int | None = None
    clock: str = "real"
    callback_url: str = ""
    public_url: str = ""
    allow_public_callbacks: bool = False
    callback_ca: Path | None = None
    admin_host: tuple[str, ...] = ()
    admin_token: str = field(default="", repr=False)
    log_level: str = "info"
    log_format: str = "text"

    @property
    def base_url(self) -> str:
        """Where this server is reached from this machine, unless the port is any free one."""
        host = _LOOPBACK.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def read_defaults(path: Path) -> dict[str, object]:
    """Read `emulator.toml`: the flags of `serve`, without dashes; {} where there is no file.

    Raises DocumentError with file, key and what was expected.
    """
    if not path.exists():
        return {}
    with locating(path):
        table: Table = read(path)
        defaults: dict[str, object] = {
            "host": table.take("host", str, None),
            "port": table.take("port", int, None),
            "world": table.take("world", str, None),
            "scenario": table.take("scenario", str, None),
            "auth": table.one_of("auth", ("on", "off"), None),
            "seed": table.take("seed", int, None),
            "clock": table.one_of("clock", ("real", "manual"), None),
            "callback_url": table.take("callback_url", str, None),
            "public_url": table.take("public_url", str, None),
            "allow_public_callbacks": table.take("allow_public_callbacks", bool, None),
            "callback_ca": table.take("callback_ca", str, None),
            "admin_host": table.texts("admin_host") or None,
            "admin_token": table.take("admin_token", str, None),
            "log_level": table.one_of("log_level", LOG_LEVELS, None),
            "log_format": table.one_of("log_format", LOG_FORMATS, None),
        }
        table.close()
    return {name: value for name, value in defaults.items() if value is not None}


_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # who listens everywhere, here too

LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json", "none")
