"""One running emulation: the vendors it plays and the worlds it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from emulator.engine.agenda import Agenda
from emulator.model.account import NO_ACCOUNT, NO_KEY, AccessKey, Account
from emulator.model.call import Claim
from emulator.model.host import is_near
from emulator.model.task import Chance
from emulator.model.vendor import Vendor
from emulator.spec.value import Value
from emulator.state.journal import Journal
from emulator.state.signals import Signal
from emulator.world.clock import Clock
from emulator.world.namespace import DEFAULT, Namespace
from emulator.world.tally import Tally


class Known(Value):
    """What is known of a call before it is checked: the key that it names, and whose that is.

    Where nobody has the key, it is NO_KEY, and the agenda that of the default namespace. `now` is
    the moment that signatures are judged by.
    """

    vendor: Vendor
    now: datetime
    agenda: Agenda
    namespace: Namespace
    key: AccessKey
    account: Account


@dataclass(frozen=True, slots=True)
class Emulation:
    """`clock` judges how old signatures are, which is asked before it is known whose call it is.
    `chance` makes the ids of answers that belong to nobody, `journal` has their calls, and `news`
    rings at each of them. `tally` counts calls and deliveries. `names` are the host names that
    were configured for this server.
    """

    vendors: tuple[Vendor, ...]
    agendas: Mapping[str, Agenda]
    keys: Mapping[tuple[str, str], AccessKey]
    clock: Clock
    chance: Chance
    journal: Journal
    news: Signal
    tally: Tally
    verifies: bool = True
    names: frozenset[str] = frozenset()

    def known(self, vendor: Vendor, claim: Claim) -> Known:
        """Return what is known of a call by the key that it names.

        Unless signatures are verified, a key that nobody has is taken for the vendor's usual one.
        """
        key = self.keys.get((vendor.name, claim.access_key_id))
        if key is None:
            key = NO_KEY if self.verifies else self._usual(vendor)
        agenda = self.agendas[key.namespace or DEFAULT]
        namespace = agenda.namespace
        account = namespace.state.accounts.get((vendor.name, key.account_id)) or NO_ACCOUNT
        return Known(vendor, self.clock.now(), agenda, namespace, key, account)

    def _usual(self, vendor: Vendor) -> AccessKey:
        keys = (key for key in self.keys.values() if key.namespace == DEFAULT)
        return next(key for key in keys if key.vendor == vendor.name)

    def is_own(self, host: str) -> bool:
        """Return whether a host name leads to this server, and to no vendor's."""
        return host in self.names or is_near(host)
