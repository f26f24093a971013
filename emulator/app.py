"""Assembly: the one place that picks real parts."""

import logging
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.routing import Mount

from emulator import __version__
from emulator.engine.agenda import Agenda
from emulator.engine.emulation import Emulation
from emulator.engine.pipeline import Pipeline
from emulator.settings import Settings
from emulator.vendors import VENDORS
from emulator.web import admin
from emulator.web.gateway import Gateway
from emulator.world.chance import SeededChance, fresh_seed
from emulator.world.clock import Clock, NamespaceClock, RealClock
from emulator.world.namespace import Namespace
from emulator.world.store import MemoryStore
from emulator.world.transport import HttpTransport, Transport
from emulator.world.worldfile import DEFAULT, World, default_world, read_world

log = logging.getLogger("emulator")


def create_app(settings: Settings, clock: Clock | None = None) -> Starlette:
    """Return the whole emulator as an ASGI application.

    Raises DocumentError where the world file cannot be meant.
    """
    world = _world(settings)
    seed = next(s for s in (settings.seed, world.seed, fresh_seed()) if s is not None)
    emulation = build(
        world, clock or RealClock(), seed, HttpTransport(), verifies=settings.auth == "on"
    )
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

    gateway = Gateway(Pipeline(emulation))
    return Starlette(
        routes=[Mount("/_emulator", routes=admin.routes(health)), Mount("", app=gateway)]
    )


def build(
    world: World, clock: Clock, seed: int, transport: Transport, verifies: bool = True
) -> Emulation:
    """Return an emulation of the world, with everything in memory."""
    store = MemoryStore()
    namespace = Namespace(
        name=DEFAULT,
        clock=NamespaceClock(clock),
        chance=SeededChance(seed),
        store=store,
        accounts={(account.vendor, account.id): account for account in world.accounts},
        refuses_unknown=world.refuses_unknown,
        ignores_assumed=world.ignores_assumed,
        calls_per_second=world.calls_per_second,
    )
    return Emulation(
        vendors=VENDORS,
        agendas={DEFAULT: Agenda(namespace, VENDORS, transport)},
        keys={(key.vendor, key.id): key for key in world.keys},
        clock=clock,
        chance=SeededChance(seed + 1),
        store=store,
        verifies=verifies,
    )


def _world(settings: Settings) -> World:
    products = {vendor.name: vendor.catalog.products for vendor in VENDORS}
    if settings.world is None:
        return default_world(products)
    actions = frozenset(name for vendor in VENDORS for name in vendor.catalog.names)
    return read_world(settings.world, products, actions)
