"""Alibaba Cloud: Intelligent Media Services (product code ICE), in the RPC style."""

import re
from pathlib import Path

from emulator.model.call import Call
from emulator.model.vendor import Step, Vendor
from emulator.spec.catalog import Catalog
from emulator.vendors.alibaba import callback, errors, mistakes, protocol, signature
from emulator.vendors.alibaba.actions import ice
from emulator.vendors.alibaba.actions.object_file import SIGNED_ADDRESS

_CATALOG = Catalog(Path(__file__).parent / "specs")


def _require_size(call: Call) -> None:
    protocol.require_size(call, _CATALOG.gateway.limits)


ALIBABA = Vendor(
    name="alibaba",
    title="Alibaba Cloud",
    hosts=re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)?\.aliyuncs\.com"),
    claims=protocol.claims,
    read=protocol.read,
    order=(
        protocol.require_product,
        protocol.require_path,
        protocol.require_method,
        _require_size,
        Step.ACTION,
        protocol.require_action_method,
        protocol.require_common_parameters,
        protocol.require_known_methods,
        protocol.require_timestamp,
        Step.FRESHNESS,
        Step.NONCE,
        Step.KEY,
        Step.TOKEN,
        protocol.require_signed_headers,
        Step.SIGNATURE,
        Step.RATE,
        Step.PARAMETERS,
        Step.ACCOUNT,
        Step.VALUES,
        Step.RESOURCES,
    ),
    catalog=_CATALOG,
    resolve=protocol.resolve,
    signatures=signature.signatures,
    skew_seconds=900,
    arguments=protocol.arguments,
    is_gateways=errors.is_gateways,
    blame=errors.blame,
    codes=errors.CODES,
    throttle_key=protocol.throttle_key,
    request_id=protocol.request_id,
    render=protocol.render,
    refuse=protocol.refuse,
    handlers={"ice": ice.HANDLERS},
    courses=ice.COURSES,
    lives=ice.LIVES,
    queries=ice.QUERIES,
    kinds=ice.KINDS,
    retelling=callback.RETELLING,
    declarables=ice.DECLARABLES,
    open_fields=protocol.OPEN_FIELDS,
    mistakes=mistakes.MISTAKES,
    remedies=errors.REMEDIES,
    signed_address=SIGNED_ADDRESS,
)
