"""The namespaces of an emulation: made, made anew, and taken away while the server runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial

from emulator.engine.agenda import Agenda
from emulator.engine.blueprint import Blueprint
from emulator.model.account import AccessKey, Account
from emulator.world.alarm import Alarm
from emulator.world.namespace import DEFAULT

log = logging.getLogger("emulator.agenda")

Prepare = Callable[[Agenda], Awaitable[None]]


class TakenError(Exception):
    """The name, or an access key, is another namespace's."""


class Namespaces:
    """Keeps each namespace's agenda, and while it is open has it do what falls due in real time.

    `build` makes a namespace from its blueprint; raises DocumentError. `kept` are the blueprints of
    namespaces that a process before this one has left.
    """

    def __init__(
        self,
        build: Callable[[Blueprint], Agenda],
        kept: Callable[[], AsyncIterator[Blueprint]],
        look_every_seconds: float = 1,
    ) -> None:
        self._build = build
        self._kept = kept
        self._look_every_seconds = look_every_seconds
        self._alarm = Alarm()
        self._looking: asyncio.Task[None] | None = None
        self._agendas: dict[str, Agenda] = {}
        self._blueprints: dict[str, Blueprint] = {}
        self._keys: dict[tuple[str, str], AccessKey] = {}
        self._leading: dict[str, Sequence[tuple[str, str]]] = {}
        self._is_open = False
        # To look at only. They are the dictionaries themselves, as every call looks at them.
        self.agendas: Mapping[str, Agenda] = self._agendas
        self.blueprints: Mapping[str, Blueprint] = self._blueprints
        self.keys: Mapping[tuple[str, str], AccessKey] = self._keys

    def keys_of(self, name: str) -> Sequence[AccessKey]:
        return self._agendas[name].namespace.state.keys.values()

    def adopt(self, blueprint: Blueprint) -> Agenda:
        """Make a namespace, or have it go on from what is kept of it when it is first used.

        Raises TakenError and DocumentError, and has made nothing then.
        """
        agenda = self._made(blueprint)
        self._keep(blueprint, agenda)
        return agenda

    async def create(self, blueprint: Blueprint) -> Agenda:
        """Make a namespace; raises TakenError and DocumentError, and has made nothing then."""
        agenda = self._made(blueprint)
        self._keep(blueprint, agenda)
        try:
            await agenda.turn.begin()
        except Exception:
            await self._take(blueprint.name).end()
            raise
        return agenda

    def _made(self, blueprint: Blueprint) -> Agenda:
        if blueprint.name in self._agendas:
            raise TakenError(f"there is a namespace {blueprint.name!r} already")
        agenda = self._build(blueprint)
        self._require_free(agenda.namespace.state.keys.values(), blueprint.name)
        return agenda

    async def reset(self, name: str) -> Agenda:
        """Make the namespace anew as it was made at first, keys included."""
        return await self.put(self._blueprints[name])

    async def put(self, blueprint: Blueprint, prepare: Prepare | None = None) -> Agenda:
        """Put a namespace in the place of the one of that name, if there is one.

        `prepare` is done with it before. Raises TakenError and DocumentError; the one there was
        goes on then.
        """
        agenda = self._build(blueprint)
        keys = agenda.namespace.state.keys
        self._require_free(keys.values(), blueprint.name)
        if prepare:
            await prepare(agenda)
            self._require_free(keys.values(), blueprint.name)
        before = self._blueprints.get(blueprint.name)
        replaced = self._take(blueprint.name) if before else None
        self._keep(blueprint, agenda)
        try:
            await agenda.turn.begin()
        except Exception:
            await self._take(blueprint.name).end()
            if before and replaced:
                self._serve(before, replaced)
            raise
        if replaced:
            await replaced.end()
        return agenda

    async def remove(self, name: str) -> None:
        """Take a namespace away with all it has; callbacks under way are given up."""
        assert name != DEFAULT, "the default namespace is reset, not removed"
        agenda = self._take(name)
        await agenda.end()
        await agenda.turn.remove()

    def declare(self, name: str, accounts: Iterable[Account], keys: Iterable[AccessKey]) -> None:
        """Add accounts with their keys to a namespace, or put them in the place of their like.

        It is done within a turn. An account that is replaced keeps none of its keys. Raises
        TakenError.
        """
        accounts, keys = tuple(accounts), tuple(keys)
        self._require_free(keys, name)
        state = self._agendas[name].namespace.state
        replaced = {(account.vendor, account.id) for account in accounts}
        for key in state.keys.values():
            if (key.vendor, key.account_id) in replaced:
                state.keys.remove((key.vendor, key.id))
        for account in accounts:
            state.accounts.put((account.vendor, account.id), account)
        for key in keys:
            state.keys.put((key.vendor, key.id), key)

    async def open(self) -> None:
        """Have every namespace, also those made later, do in real time what falls due.

        Those that are kept go on from how they were.
        """
        async for blueprint in self._kept():
            if blueprint.name not in self._agendas:
                self.adopt(blueprint)
        for agenda in self._agendas.values():
            await agenda.turn.ready()
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
            try:
                await agenda.turn.close()
            except Exception:
                log.exception("namespace %s: its last turns are not kept", agenda.namespace.name)

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

    def _keep(self, blueprint: Blueprint, agenda: Agenda) -> None:
        self._serve(blueprint, agenda)
        agenda.follow("keys", partial(self._lead, agenda))
        if self._is_open:
            agenda.start()

    def _serve(self, blueprint: Blueprint, agenda: Agenda) -> None:
        """Have calls of a namespace's keys lead to an agenda."""
        self._agendas[blueprint.name] = agenda
        self._blueprints[blueprint.name] = blueprint
        self._leading[blueprint.name] = ()
        self._lead(agenda)

    def _lead(self, agenda: Agenda) -> None:
        """Have the keys of a namespace lead to it, and those that it had no more."""
        name, keys = agenda.namespace.name, agenda.namespace.state.keys.rows
        if self._agendas.get(name) is agenda:
            for key in self._leading[name]:
                del self._keys[key]
            self._keys.update(keys)
            self._leading[name] = tuple(keys)

    def _take(self, name: str) -> Agenda:
        for key in self._leading.pop(name):
            del self._keys[key]
        del self._blueprints[name]
        return self._agendas.pop(name)
