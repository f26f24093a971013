"""One running emulation: the vendors it plays and the worlds it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.engine.agenda import Agenda
from emulator.model.account import AccessKey, Account
from emulator.model.call import Call
from emulator.model.host import is_near
from emulator.model.task import Chance
from emulator.model.vendor import Vendor
from emulator.world.clock import Clock
from emulator.world.journal import Journal
from emulator.world.namespace import Namespace
from emulator.world.tally import Tally


@dataclass(frozen=True, slots=True)
class Emulation:
    """`clock` judges how old signatures are, which is asked before it is known whose call it is.
    `chance` makes the ids of answers that belong to nobody, and `journal` has their calls. `tally`
    counts calls and deliveries. `names` are the host names that were configured for this server.
    """

    vendors: tuple[Vendor, ...]
    agendas: Mapping[str, Agenda]
    keys: Mapping[tuple[str, str], AccessKey]
    clock: Clock
    chance: Chance
    journal: Journal
    tally: Tally
    verifies: bool = True
    names: frozenset[str] = frozenset()

    def is_own(self, host: str) -> bool:
        """Return whether a host name leads to this server, and to no vendor's."""
        return host in self.names or is_near(host)

    def agenda(self, call: Call) -> Agenda:
        return self.agendas[call.key.namespace]

    def namespace(self, call: Call) -> Namespace:
        return self.agendas[call.key.namespace].namespace

    def account(self, call: Call) -> Account:
        key = call.key
        return self.agendas[key.namespace].namespace.accounts[key.vendor, key.account_id]
