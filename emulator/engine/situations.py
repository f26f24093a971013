"""Situations: what the functions of a vendor may know besides the call or the task."""

from emulator.engine.kinds import Kinds
from emulator.model.account import Account
from emulator.model.task import Situation, Task
from emulator.world.namespace import Namespace


class Situations:
    """Makes them for one namespace. With a `public_url`, results are reached there."""

    def __init__(
        self, namespace: Namespace, kinds: Kinds, callback_url: str = "", public_url: str = ""
    ) -> None:
        self._namespace = namespace
        self._kinds = kinds
        self._callback_url = callback_url
        self._public_url = public_url
        self._results_path = f"{namespace.path}/results"

    def of(self, account: Account, base_url: str) -> Situation:
        """Return the situation of an account whose caller reached the emulator at `base_url`."""
        namespace = self._namespace
        return Situation(
            now=namespace.clock.now(),
            chance=namespace.chance,
            tasks=namespace.store,
            resources=namespace.store,
            account=account,
            enforced=namespace.enforced,
            scene=namespace.scene,
            base_url=self._public_url or base_url,
            results_path=self._results_path,
            callback_url=self._callback_url,
            refuses_unknown=namespace.refuses_unknown,
        )

    def of_task(self, task: Task) -> Situation:
        vendor = self._kinds.vendors[task.kind].name
        return self.of(self._namespace.accounts[vendor, task.account_id], task.base_url)
