"""The namespaces of an emulation: made, made anew, and taken away while the server runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.engine.agenda import Agenda
from emulator.model.account import AccessKey, Account
from emulator.model.rule import Rule
from emulator.world.alarm import Alarm
from emulator.world.namespace import DEFAULT
from emulator.world.worldfile import Usual


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a namespace is made from, at first and at every reset.

    `declared` says what `world.toml` would, and `where` that is read. The clock is held from the
    start with `is_manual`, at `now` or at the moment of the making. `base_url` is where whoever
    declared it reached the emulator. `rules` are the faults it has from the start.
    """

    usual: Usual
    seed: int
    declared: Mapping[str, Any] = field(default_factory=dict)
    where: str = "body"
    is_manual: bool = False
    now: datetime | None = None
    callback_url: str = ""
    base_url: str = ""
    rules: tuple[Rule, ...] = ()

    @property
    def name(self) -> str:
        return self.usual.namespace


@dataclass(frozen=True, slots=True)
class Made:
    """A namespace at its beginning, with the keys that lead to it."""

    agenda: Agenda
    keys: Sequence[AccessKey]


Prepare = Callable[[Agenda], Awaitable[None]]


class TakenError(Exception):
    """The name, or an access key, is another namespace's."""


class Namespaces:
    """Keeps each namespace's agenda, and while it is open has it do what falls due in real time.

    `build` makes a namespace from its blueprint; raises DocumentError.
    """

    def __init__(self, build: Callable[[Blueprint], Made], look_every_seconds: float = 1) -> None:
        self._build = build
        self._look_every_seconds = look_every_seconds
        self._alarm = Alarm()
        self._looking: asyncio.Task[None] | None = None
        self._agendas: dict[str, Agenda] = {}
        self._blueprints: dict[str, Blueprint] = {}
        self._keys: dict[tuple[str, str], AccessKey] = {}
        self._keys_of: dict[str, dict[tuple[str, str], AccessKey]] = {}
        self._is_open = False
        # To look at only. They are the dictionaries themselves, as every call looks at them.
        self.agendas: Mapping[str, Agenda] = self._agendas
        self.blueprints: Mapping[str, Blueprint] = self._blueprints
        self.keys: Mapping[tuple[str, str], AccessKey] = self._keys

    def keys_of(self, name: str) -> Sequence[AccessKey]:
        return tuple(self._keys_of.get(name, {}).values())

    def create(self, blueprint: Blueprint) -> Agenda:
        """Make a namespace; raises TakenError and DocumentError, and has made nothing then."""
        if blueprint.name in self._agendas:
            raise TakenError(f"there is a namespace {blueprint.name!r} already")
        made = self._build(blueprint)
        self._require_free(made.keys, blueprint.name)
        self._keep(blueprint, made)
        return made.agenda

    async def reset(self, name: str) -> Agenda:
        """Make the namespace anew as it was made at first, keys included."""
        return await self.put(self._blueprints[name])

    async def put(self, blueprint: Blueprint, prepare: Prepare | None = None) -> Agenda:
        """Put a namespace in the place of the one of that name, if there is one.

        `prepare` is done with it before. Raises TakenError and DocumentError; the one there was
        goes on then.
        """
        made = self._build(blueprint)
        self._require_free(made.keys, blueprint.name)
        if prepare:
            await prepare(made.agenda)
            self._require_free(made.keys, blueprint.name)
        replaced = self._take(blueprint.name) if blueprint.name in self._agendas else None
        self._keep(blueprint, made)
        if replaced:
            await replaced.end()
        return made.agenda

    async def remove(self, name: str) -> None:
        """Take a namespace away with all it has; callbacks under way are given up."""
        assert name != DEFAULT, "the default namespace is reset, not removed"
        await self._take(name).end()

    def declare(self, name: str, accounts: Iterable[Account], keys: Iterable[AccessKey]) -> None:
        """Add accounts with their keys to a namespace, or put them in the place of their like.

        An account that is replaced keeps none of its keys. Raises TakenError.
        """
        accounts, keys = tuple(accounts), tuple(keys)
        self._require_free(keys, name)
        agenda = self._agendas[name]
        replaced = {(account.vendor, account.id) for account in accounts}
        for key in self.keys_of(name):
            if (key.vendor, key.account_id) in replaced:
                del self._keys[key.vendor, key.id], self._keys_of[name][key.vendor, key.id]
        agenda.namespace.accounts.update({(each.vendor, each.id): each for each in accounts})
        self._lead(name, keys)

    def open(self) -> None:
        """Have every namespace, also those made later, do in real time what falls due."""
        self._is_open = True
        self._looking = asyncio.create_task(self._look())
        for agenda in self._agendas.values():
            agenda.start()

    async def close(self) -> None:
        """Stop them all, and name on the log what was not delivered."""
        self._is_open = False
        if self._looking:
            self._looking.cancel()
        # Others may be made and removed meanwhile.
        for agenda in tuple(self._agendas.values()):
            await agenda.stop()
            agenda.dispatch.tell_undelivered()

    async def _look(self) -> None:
        """Look at the system's clock again and again, which may jump forward at any time."""
        while True:
            await self._alarm.wait(self._look_every_seconds)
            for agenda in self._agendas.values():
                agenda.catch_up()

    def _require_free(self, keys: Sequence[AccessKey], name: str) -> None:
        for key in keys:
            other = self._keys.get((key.vendor, key.id))
            if other and other.namespace != name:
                raise TakenError(
                    f"the access key {key.id!r} of {key.vendor} is of namespace "
                    f"{other.namespace!r}; it can lead to one only"
                )

    def _keep(self, blueprint: Blueprint, made: Made) -> None:
        self._agendas[blueprint.name] = made.agenda
        self._blueprints[blueprint.name] = blueprint
        self._lead(blueprint.name, made.keys)
        if self._is_open:
            made.agenda.start()

    def _lead(self, name: str, keys: Iterable[AccessKey]) -> None:
        """Have keys lead to a namespace."""
        leading = {(key.vendor, key.id): key for key in keys}
        self._keys.update(leading)
        self._keys_of.setdefault(name, {}).update(leading)

    def _take(self, name: str) -> Agenda:
        for key in self._keys_of.pop(name, {}):
            del self._keys[key]
        del self._blueprints[name]
        return self._agendas.pop(name)
