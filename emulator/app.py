"""Assembly: the one place that picks real parts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator import __version__
from emulator.engine.agenda import Agenda
from emulator.engine.emulation import Emulation
from emulator.engine.pipeline import Pipeline
from emulator.model.vendor import Vendor
from emulator.settings import Settings
from emulator.vendors import VENDORS
from emulator.web import admin
from emulator.web.gateway import Gateway
from emulator.web.guard import Guard, host_name, needs_token
from emulator.web.sink import Sink
from emulator.world.chance import SeededChance, fresh_seed
from emulator.world.clock import Clock, NamespaceClock, RealClock
from emulator.world.declaration import Form
from emulator.world.namespace import Namespace
from emulator.world.scene import StagedScene
from emulator.world.store import MemoryStore
from emulator.world.transport import HttpTransport, Transport
from emulator.world.worldfile import DEFAULT, Vocabulary, World, default_world, read_world

log = logging.getLogger("emulator")


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    transport: Transport | None = None,
    vendors: tuple[Vendor, ...] = VENDORS,
) -> "Application":
    """Return the whole emulator.

    Raises DocumentError where the world file cannot be meant.
    """
    world = _world(settings)
    seed = next(s for s in (settings.seed, world.seed, fresh_seed()) if s is not None)
    transport = transport or HttpTransport(allow_public=settings.allow_public_callbacks)
    emulation = build(world, clock or RealClock(), seed, transport, settings, vendors)
    if not emulation.verifies:
        log.warning("signatures are NOT verified: --auth off")

    def health() -> Mapping[str, object]:
        return {
            "status": "ok",
            "version": __version__,
            "auth": settings.auth,
            "seed": seed,
            "vendors": {vendor.name: list(vendor.catalog.products) for vendor in VENDORS},
            "namespaces": list(emulation.agendas),
        }

    agenda = emulation.agendas[DEFAULT]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        """Keep the agenda in real time while the server runs."""
        if needs_token(settings.host) and not settings.admin_token:
            log.warning("/_emulator is closed: --host %s needs --admin-token", settings.host)
        running = asyncio.create_task(agenda.run())
        yield
        running.cancel()
        await agenda.close()
        await transport.close()

    administration = Starlette(
        routes=[Mount(_OURS, app=admin.application(health, agenda, Sink()))],
        lifespan=lifespan,
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
    world: World,
    clock: Clock,
    seed: int,
    transport: Transport,
    settings: Settings,
    vendors: tuple[Vendor, ...] = VENDORS,
) -> Emulation:
    """Return an emulation of the world, with everything in memory."""
    namespace_clock = NamespaceClock(clock)
    if settings.clock == "manual":
        namespace_clock.hold()
    now = namespace_clock.now()
    store = MemoryStore([made for each in world.callbacks for made in each.resources(now)])
    namespace = Namespace(
        name=DEFAULT,
        clock=namespace_clock,
        chance=SeededChance(seed),
        store=store,
        scene=StagedScene(seed, imagines=not world.refuses_unknown),
        accounts={(account.vendor, account.id): account for account in world.accounts},
        refuses_unknown=world.refuses_unknown,
        ignores_assumed=world.ignores_assumed,
        calls_per_second=world.calls_per_second,
        paces=world.paces,
    )
    agenda = Agenda(namespace, vendors, transport, settings.callback_url, settings.public_url)
    agenda.stage(world.scene, settings.base_url)
    return Emulation(
        vendors=vendors,
        agendas={DEFAULT: agenda},
        keys={(key.vendor, key.id): key for key in world.keys},
        clock=clock,
        chance=SeededChance(seed + 1),
        store=store,
        verifies=settings.auth == "on",
    )


def _world(settings: Settings) -> World:
    words = vocabulary(with_resources=settings.world is not None)
    return read_world(settings.world, words) if settings.world else default_world(words)


def vocabulary(with_resources: bool = True) -> Vocabulary:
    """Return what a world file may name; kinds of resources take reading all specs."""
    return Vocabulary(
        products={vendor.name: vendor.catalog.products for vendor in VENDORS},
        resources={v.name: v.catalog.resources() if with_resources else _NONE for v in VENDORS},
        actions=frozenset(name for vendor in VENDORS for name in vendor.catalog.names),
        kinds={kind: life.codes for vendor in VENDORS for kind, life in vendor.lives.items()},
        callbacks={vendor.name: _forms(vendor) for vendor in VENDORS} if with_resources else {},
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
