"""Documents read strictly: every key is asked for, and what nobody asked for is refused."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from emulator.spec.nearest import nearest, quoted, with_nearest

T = TypeVar("T")
_ABSENT: Any = object()


class DocumentError(ValueError):
    """A document of ours, or of the user's, says something that cannot be meant.

    `where` is the document, `path` the dotted keys of the table, `problem` what is wrong there.
    """

    def __init__(self, text: str, where: str = "", path: str = "", problem: str = "") -> None:
        super().__init__(text)
        self.where = where
        self.path = path
        self.problem = problem


class Table:
    """One table of a TOML document; `take` what is known, then `close` it.

    Every complaint names the file, the dotted key and what was expected.
    """

    def __init__(self, where: str, content: Mapping[str, Any], path: str = "") -> None:
        self.where = where
        self.path = path
        self.content = content
        self._left = dict(content)
        self._asked: list[str] = []

    def take(self, key: str, kind: type[T] | tuple[type[T], ...], default: Any = _ABSENT) -> T:
        """Return the value of `key`, which must be of `kind`; without a default it must exist."""
        self._asked.append(key)
        value = self._left.pop(key, default)
        if value is _ABSENT:
            raise self.error(f"missing key {key!r}")
        if value is default:
            return default  # type: ignore[no-any-return]  # the caller's own value
        kinds = kind if isinstance(kind, tuple) else (kind,)
        is_bool = isinstance(value, bool) and bool not in kinds and object not in kinds
        if not isinstance(value, kinds) or is_bool:
            names = " or ".join(k.__name__ for k in kinds)
            raise self.error(f"{key!r} must be {names}, not {type(value).__name__}")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: Any = _ABSENT) -> str:
        value = self.take(key, str, default)
        if value is not default and value not in allowed:
            expected = f"one of {', '.join(allowed)}, not {with_nearest(value, allowed)}"
            raise self.error(f"{key!r} must be {expected}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings, empty when the key is absent."""
        values = self.take(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"{key!r} must be a list of strings")
        return tuple(values)

    def day(self, key: str, default: date | None = None) -> date | None:
        return self.take(key, date, default)

    def moment(self, key: str) -> datetime | None:
        """Return an offset date-time, or text of that form, as aware UTC; None when absent."""
        value: object = self.take(key, (datetime, str), None)
        if value is None:
            return None
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            if moment.tzinfo is None:
                raise ValueError
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.error(f"{key!r} must be like 2030-01-01T00:00:00Z") from None

    def table(self, key: str) -> "Table":
        """Return the table under `key`, empty when absent."""
        content: dict[str, Any] = self.take(key, dict, {})
        return Table(self.where, content, self._under(key))

    def tables(self, key: str) -> Iterator["Table"]:
        """Yield each table of the array of tables under `key`."""
        entries: list[Any] = self.take(key, list, [])
        for index, entry in enumerate(entries):
            if not isinstance(entry, dict):
                raise self.error(f"{key!r} must be an array of tables")
            yield Table(self.where, entry, self._under(f"{key}.{index}"))

    def named_tables(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Yield each name and table under the table `key`."""
        yield from self.table(key).each()

    def each(self) -> Iterator[tuple[str, "Table"]]:
        """Yield what is left of this table, name by name; each must be a table."""
        for name in tuple(self._left):
            yield name, self.table(name)

    def rest(self, known: tuple[str, ...]) -> dict[str, Any]:
        """Take every key still left whose name is in `known`."""
        self._asked.extend(known)
        return {key: self._left.pop(key) for key in known if key in self._left}

    def everything(self) -> dict[str, Any]:
        """Take all that is left, whatever the names."""
        content, self._left = self._left, {}
        return content

    def close(self) -> None:
        """Refuse what nobody asked for, with the nearest known name."""
        for key in self._left:
            near = nearest(key, self._asked)
            hint = f", did you mean {near!r}?" if near else f"; known: {', '.join(self._asked)}"
            raise self.error(f"unknown key {quoted(key)}{hint}")

    def error(self, problem: str) -> DocumentError:
        text = f"{self.where}: {self.path + ': ' if self.path else ''}{problem}"
        return DocumentError(text, self.where, self.path, problem)

    def _under(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def read(path: Path, where: str | None = None) -> Table:
    """Read a TOML file; `where` is its name in complaints."""
    where = where or str(path)
    return parse(read_text(path, where), where)


def read_text(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # some editors begin with a byte order mark
    except OSError as error:
        raise DocumentError(f"{where}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DocumentError(f"{where}: is not UTF-8 text") from None


def parse(text: str, where: str) -> Table:
    try:
        return Table(where, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        number = line[1] if line else text.rstrip().count("\n") + 1
        raise DocumentError(f"{where}:{number}: is not TOML: {error}") from None
    except RecursionError:
        raise DocumentError(f"{where}: is nested too deeply") from None


# Where tomllib stopped, unless that was at the end; it has attributes for it since Python 3.14.
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
