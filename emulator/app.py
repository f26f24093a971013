"""Assembly: the one place that picks real parts."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator import __version__
from emulator.drawing.worker import Worker
from emulator.engine.agenda import Agenda
from emulator.engine.archive import kept
from emulator.engine.blueprint import Blueprint, write_blueprint
from emulator.engine.emulation import Emulation
from emulator.engine.faults import Faults
from emulator.engine.kinds import Kinds, makings
from emulator.engine.namespaces import Namespaces
from emulator.engine.pipeline import Pipeline
from emulator.engine.snapshot import document_of
from emulator.engine.writer import Writer
from emulator.model.vendor import Vendor
from emulator.settings import Settings
from emulator.spec.document import Table, read
from emulator.spec.line import locating
from emulator.state.journal import Journal
from emulator.state.ledger import Storage, in_memory
from emulator.state.part import Turns
from emulator.state.state import State
from emulator.state.store import Store
from emulator.vendors import VENDORS
from emulator.web import admin
from emulator.web.gateway import Gateway
from emulator.web.guard import Guard, host_name, needs_token
from emulator.web.server import Server
from emulator.web.shapes.server import Health
from emulator.world import library
from emulator.world.alarm import Bell
from emulator.world.chance import SeededChance, fresh_seed
from emulator.world.clock import Clock, NamespaceClock, RealClock, real_time
from emulator.world.declaration import Form
from emulator.world.lines import Share, connections
from emulator.world.namespace import DEFAULT, Namespace
from emulator.world.outward import HttpTransport, Network
from emulator.world.scenariofile import NONE
from emulator.world.scene import StagedScene
from emulator.world.tally import Tally
from emulator.world.transport import Transport
from emulator.world.turnchance import TurnChance
from emulator.world.worldfile import Usual, Vocabulary, decode_world

log = logging.getLogger("emulator")


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    transport: Transport | None = None,
    vendors: tuple[Vendor, ...] = VENDORS,
    storage: Storage | None = None,
) -> "Application":
    """Return the whole emulator.

    Raises DocumentError where the world file or the scenario cannot be meant.
    """
    emulation, namespaces = build(settings, clock or RealClock(), transport, vendors, storage)
    drawing = Worker()
    if not emulation.verifies:
        log.warning("signatures are NOT verified: --auth off")

    def health() -> Health:
        return Health(
            status="ok",
            version=__version__,
            auth="on" if emulation.verifies else "off",
            seed=namespaces.blueprints[DEFAULT].seed,
            vendors={vendor.name: list(vendor.catalog.products) for vendor in VENDORS},
            namespaces=list(namespaces.agendas),
        )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        """Keep the agendas in real time while the server runs."""
        if needs_token(settings.host) and not settings.admin_token:
            log.warning("/_emulator is closed: --host %s needs --admin-token", settings.host)
        await namespaces.open()
        yield
        drawing.stop()
        await namespaces.close()

    administration = admin.application(
        Server(health, namespaces, emulation, vocabulary, drawing), lifespan
    )
    names = frozenset(map(host_name, (settings.host, *settings.admin_host)))
    guard = Guard(administration, settings.host, names, settings.admin_token)
    return Application(emulation, Gateway(Pipeline(emulation)), guard)


@dataclass(frozen=True, slots=True)
class Application:
    """The emulator as one ASGI callable: /_emulator is its own, any other path the vendors'.

    Starlette has the routes that are ours; the vendors' calls have one and do not look for it.
    """

    emulation: Emulation
    gateway: ASGIApp
    administration: ASGIApp

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        path = scope.get("path", "")
        if path == _OURS or path.startswith(_ROUTES) or scope["type"] != "http":
            return self.administration(scope, receive, send)
        return self.gateway(scope, receive, send)


_OURS = "/_emulator"
_ROUTES = f"{_OURS}/"


def build(
    settings: Settings,
    clock: Clock,
    transport: Transport | None = None,
    vendors: tuple[Vendor, ...] = VENDORS,
    storage: Storage | None = None,
) -> tuple[Emulation, Namespaces]:
    """Return an emulation with its default namespace; without a storage all is in memory only.

    Each namespace has a transport of its own, unless there is one for all. Raises DocumentError
    where the world file cannot be meant, or the authority of receivers' certificates not be read.
    """
    tally, lines, keeping = Tally(), connections(), storage or in_memory()
    outlets = _outlets(settings, transport)

    def make(blueprint: Blueprint) -> Agenda:
        return _made(blueprint, settings, clock, outlets(), vendors, tally, lines.share(), keeping)

    namespaces = Namespaces(make, partial(kept, keeping, vendors))
    blueprint = _default_blueprint(settings)
    with locating(settings.world):
        namespaces.adopt(blueprint)
    emulation = Emulation(
        vendors=vendors,
        agendas=namespaces.agendas,
        keys=namespaces.keys,
        clock=clock,
        chance=SeededChance(blueprint.seed + 1),
        journal=Journal(Turns(), "unverified"),
        news=Bell(),
        tally=tally,
        verifies=settings.auth == "on",
        names=_own_names(settings),
    )
    return emulation, namespaces


def _outlets(settings: Settings, transport: Transport | None) -> Callable[[], Transport]:
    if transport is not None:
        return lambda: transport
    network = Network(settings.allow_public_callbacks, settings.callback_ca)
    return lambda: HttpTransport(network)


def _own_names(settings: Settings) -> frozenset[str]:
    """Return the host names by which the settings say that this server is called."""
    public = urlsplit(settings.public_url).netloc.rpartition("@")[2]
    names = map(host_name, (settings.host, *settings.admin_host, public))
    return frozenset(name for name in names if name)


def _default_blueprint(settings: Settings) -> Blueprint:
    table = read(settings.world) if settings.world else Table("world", {})
    scenario = library.read(settings.scenario, vocabulary()) if settings.scenario else NONE
    seeds = (settings.seed, scenario.seed, table.content.get("seed"))
    chosen = next((seed for seed in seeds if seed is not None), None)
    return Blueprint(
        usual=Usual(),
        seed=chosen if isinstance(chosen, int) else fresh_seed(),
        declared={**table.content, **scenario.world},
        where=table.where,
        is_manual=settings.clock == "manual",
        callback_url=settings.callback_url,
        base_url=settings.base_url,
        rules=scenario.rules,
    )


def _made(
    blueprint: Blueprint,
    settings: Settings,
    clock: Clock,
    transport: Transport,
    vendors: tuple[Vendor, ...],
    tally: Tally,
    share: Share,
    storage: Storage,
) -> Agenda:
    """Return a namespace as its blueprint says; raises DocumentError."""
    words = vocabulary(with_resources="accounts" in blueprint.declared)
    world = decode_world(Table(blueprint.where, blueprint.declared), words, blueprint.usual)
    state = State(
        is_over=lambda task: is_over(task),  # noqa: PLW0108  # it needs the clock, and that the state
        tell=partial(_tell_forgotten, blueprint.name),
    )
    namespace_clock = NamespaceClock(state, clock)
    is_over = Kinds(vendors).is_over(namespace_clock)
    namespace = Namespace(
        name=blueprint.name,
        state=state,
        clock=namespace_clock,
        chance=TurnChance(state, blueprint.seed),
        store=Store(state),
        scene=StagedScene(state, blueprint.seed, imagines=not world.refuses_unknown),
        news=Bell(),
        opened_at=real_time(),
        refuses_unknown=world.refuses_unknown,
        ignores_assumed=world.ignores_assumed,
        calls_per_second=world.calls_per_second,
        private_buckets=world.private_buckets,
    )
    turn = Writer(
        blueprint.name,
        state,
        partial(document_of, vendors, state),
        partial(write_blueprint, blueprint),
        storage.ledger(blueprint.name),
        storage.directory,
    )
    agenda = Agenda(
        namespace,
        vendors,
        turn,
        transport,
        tally,
        Faults(state, blueprint.seed),
        blueprint.callback_url,
        settings.public_url,
        share,
    )
    with turn:
        if blueprint.is_manual:
            namespace_clock.hold(blueprint.now)
        now = namespace_clock.now()
        for account in world.accounts:
            state.accounts.put((account.vendor, account.id), account)
        for key in world.keys:
            state.keys.put((key.vendor, key.id), key)
        for kind, pace in world.paces.items():
            state.paces.put(kind, pace)
        for declared in world.callbacks:
            for resource in declared.resources(now):
                state.resources.put(resource.key, resource)
        agenda.stage(world.scene, blueprint.base_url)
        agenda.load_rules(blueprint.rules, blueprint.base_url)
    return agenda


def _tell_forgotten(namespace: str, kind: str, most: int) -> None:
    log.warning(
        "namespace %s keeps %d %s: from now on the oldest that are over are forgotten",
        namespace,
        most,
        kind,
    )


def vocabulary(with_resources: bool = True) -> Vocabulary:
    """Return what a world file may name; kinds of resources take reading all specs."""
    return Vocabulary(
        products={vendor.name: vendor.catalog.products for vendor in VENDORS},
        resources={v.name: v.catalog.resources() if with_resources else _NONE for v in VENDORS},
        actions=frozenset(name for vendor in VENDORS for name in vendor.catalog.names),
        kinds={kind: life.codes for vendor in VENDORS for kind, life in vendor.lives.items()},
        makings=makings(VENDORS),
        callbacks={vendor.name: _forms(vendor) for vendor in VENDORS} if with_resources else {},
        catalogs={vendor.name: vendor.catalog for vendor in VENDORS},
    )


def _forms(vendor: Vendor) -> Mapping[str, Form]:
    """Return what declared callback settings are checked against."""
    catalog = vendor.catalog
    forms = {}
    for word, each in vendor.declarables.items():
        found = (catalog.find(each.product, each.version, name) for name in each.actions)
        forms[word] = Form(each, tuple(action for action in found if action))
    return forms


_NONE: frozenset[str] = frozenset()
