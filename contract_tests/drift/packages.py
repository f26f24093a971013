"""The installed packages that have a model, by vendor, and what they say of a product."""

from collections.abc import Callable, Iterable, Mapping

from contract_tests.drift import alibaba_sdk, tccli, tencent_sdk
from contract_tests.drift.shape import Model
from contract_tests.drift.specs import Product

Read = Callable[[str, str, Iterable[str]], Model]

# Volcengine's packages for Python have no model of RTC: `volcenginesdkcore` sends whatever it is
# given, and `volcengine` has an example of three recording actions.
READERS: Mapping[str, tuple[Read, ...]] = {
    "tencent": (tccli.read, tencent_sdk.read),
    "alibaba": (alibaba_sdk.read,),
    "volcengine": (),
}
# The site that a vendor's packages are of, where it has a site of its own for others.
SITES: Mapping[str, str] = {"tencent": "intl"}


def models(product: Product) -> list[Model]:
    """Read what each package of the vendor says of the actions that we have specs of."""
    return [
        read(product.name, product.version, product.actions) for read in READERS[product.vendor]
    ]


def is_offered(product: Product, action: str) -> bool:
    """Return whether the spec has the action on the site that the packages are of."""
    sites = product.actions[action].get("sites", ())
    return not sites or SITES.get(product.vendor) in sites
