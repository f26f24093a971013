"""What the tests did with each action, as their last run wrote it down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from emulator.spec.document import Table, read

PATH = Path(__file__).with_name("evidence.toml")


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried of one action, or gateway, in tests that passed; nothing, where none did.

    `clients` are the official packages that called it and were answered with success, `models`
    those that its spec was compared with. Codes were answered `by_cause`, because the call or the
    world was so, each with a file of tests that saw it, or `by_rule`, because a rule asked for the
    failure. `recorded` answers are of the real service.
    """

    accepted: bool = False
    refused: bool = False
    clients: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    by_cause: Mapping[str, str] = field(default_factory=dict)
    by_rule: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was tried: of actions by `<vendor>/<product>/<version>/<Action>`.

    Of `gateways`, by vendor, only codes are noted. `packages` are the versions of those that the
    specs were compared with.
    """

    trials: Mapping[str, Trial]
    gateways: Mapping[str, Trial]
    packages: Mapping[str, str]

    def of(self, key: str) -> Trial:
        return self.trials.get(key, Trial())

    def of_gateway(self, vendor: str) -> Trial:
        return self.gateways.get(vendor, Trial())


def read_evidence(path: Path = PATH) -> Evidence:
    """Read the file; raises DocumentError where it is not as the tests write it."""
    table = read(path, path.name)
    packages = table.table("packages")
    evidence = Evidence(
        trials={key: _trial(entry) for key, entry in table.named_tables("actions")},
        gateways={name: _trial(entry) for name, entry in table.named_tables("gateways")},
        packages={name: packages.take(name, str) for name in packages.content},
    )
    table.close()
    return evidence


def _trial(table: Table) -> Trial:
    trial = Trial(
        accepted=table.take("accepted", bool, False),
        refused=table.take("refused", bool, False),
        clients=table.texts("clients"),
        models=table.texts("models"),
        by_cause=_causes(table.table("by_cause")),
        by_rule=table.texts("by_rule"),
        recorded=table.texts("recorded"),
    )
    table.close()
    return trial


def _causes(table: Table) -> Mapping[str, str]:
    """Return the file of tests for each code, from the codes of each file."""
    return {code: file for file in table.content for code in table.texts(file)}
