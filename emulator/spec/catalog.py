"""The actions a vendor has specs for, decoded when first asked for."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from emulator.spec.action import Action, Gateway, Parameter
from emulator.spec.decode import decode_action, decode_gateway

_SHARED = ("types.toml", "errors.toml")


class Catalog:
    """The spec files under one folder: `<product>/<version>/<Action>.toml` and `gateway.toml`.

    Listing reads folder names only; a file is read once, when its action is first used, so that
    hundreds of actions cost nothing at start. Raises DocumentError from whatever first needs a
    faulty file; `every` finds them all.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._actions: dict[tuple[str, str, str], Action] = {}
        self._gateway: Gateway | None = None
        self._versions: dict[str, tuple[str, ...]] = {
            product.name: tuple(sorted(v.name for v in product.iterdir() if v.is_dir()))
            for product in sorted(root.iterdir())
            if product.is_dir()
        }
        self._products = {v: product for product, vs in self._versions.items() for v in vs}
        self._names = {
            (product, version): frozenset(
                path.stem
                for path in (root / product / version).glob("*.toml")
                if path.name not in _SHARED
            )
            for product, versions in self._versions.items()
            for version in versions
        }

    @property
    def gateway(self) -> Gateway:
        if self._gateway is None:
            path = self._root / "gateway.toml"
            self._gateway = decode_gateway(path, self._where(path))
        return self._gateway

    @property
    def products(self) -> tuple[str, ...]:
        return tuple(self._versions)

    @property
    def names(self) -> frozenset[str]:
        """The names of all actions, of whatever product."""
        return frozenset(name for names in self._names.values() for name in names)

    def versions(self, product: str) -> tuple[str, ...]:
        return self._versions.get(product, ())

    def product_of(self, version: str) -> str:
        """Return the product that has `version`, or "": no two products share one."""
        return self._products.get(version, "")

    def find(self, product: str, version: str, name: str) -> Action | None:
        """Return the action, or None where no spec file has exactly this name."""
        if name not in self._names.get((product, version), ()):
            return None
        key = (product, version, name)
        action = self._actions.get(key)
        if action is None:
            folder = self._root / product / version
            path = folder / f"{name}.toml"
            types, errors = (folder / shared for shared in _SHARED)
            where = self._where(path)
            action = decode_action(path, types, errors, self.gateway, product, version, where)
            self._actions[key] = action
        return action

    def resources(self) -> frozenset[str]:
        """Return the kinds of things that parameters name."""
        parameters = (p for action in self.every() for p in action.parameters.values())
        return frozenset(each.resource for each in _inside(parameters) if each.resource)

    def secrets(self) -> frozenset[str]:
        """Return the names of parameters, and of their members, that hold secrets."""
        parameters = (p for action in self.every() for p in action.parameters.values())
        return frozenset(each.name for each in _inside(parameters) if each.secret)

    def every(self) -> Iterator[Action]:
        """Yield all actions, in the order of product, version and name."""
        for (product, version), names in self._names.items():
            for name in sorted(names):
                action = self.find(product, version, name)
                assert action is not None
                yield action

    def _where(self, path: Path) -> str:
        return str(path.relative_to(self._root.parent))


def _inside(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    for parameter in parameters:
        yield parameter
        yield from _inside(parameter.properties.values())
        if parameter.items:
            yield from _inside((parameter.items,))
