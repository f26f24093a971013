"""Tencent Cloud: TIW and Live, behind API 3.0."""

import re
from pathlib import Path

from emulator.model.call import Call
from emulator.model.vendor import Step, Vendor
from emulator.spec.catalog import Catalog
from emulator.vendors.tencent import callback, errors, mistakes, protocol, signature
from emulator.vendors.tencent.actions import live, tiw

_CATALOG = Catalog(Path(__file__).parent / "specs")


def _require_method(call: Call) -> None:
    protocol.require_method(call, _CATALOG.gateway.methods)


def _require_size(call: Call) -> None:
    protocol.require_size(call, _CATALOG.gateway.limits)


TENCENT = Vendor(
    name="tencent",
    title="Tencent Cloud",
    hosts=re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)?\.tencentcloudapi\.(com|cn|com\.cn)"),
    claims=protocol.claims,
    read=protocol.read,
    order=(
        _require_method,
        _require_size,
        protocol.require_pairs,
        protocol.require_common_parameters,
        protocol.require_authorization,
        Step.FRESHNESS,
        Step.KEY,
        protocol.require_scope_date,
        Step.SIGNATURE,
        Step.TOKEN,
        Step.ACTION,
        Step.REGION,
        Step.RATE,
        Step.PARAMETERS,
        Step.ACCOUNT,
        Step.RESOURCES,
        Step.VALUES,
    ),
    catalog=_CATALOG,
    resolve=protocol.resolve,
    signatures=signature.signatures,
    skew_seconds=300,
    arguments=protocol.arguments,
    is_gateways=errors.is_gateways,
    blame=errors.blame,
    codes=errors.CODES,
    throttle_key=protocol.throttle_key,
    request_id=protocol.request_id,
    render=protocol.render,
    refuse=protocol.refuse,
    handlers={"tiw": tiw.HANDLERS, "live": live.HANDLERS},
    courses={**tiw.COURSES, **live.COURSES},
    lives={**tiw.LIVES, **live.LIVES},
    queries={**tiw.QUERIES, **live.QUERIES},
    kinds={**tiw.KINDS, **live.KINDS},
    retelling=callback.RETELLING,
    witnesses=live.WITNESSES,
    declarables={**tiw.DECLARABLES, **live.DECLARABLES},
    records=(*tiw.RECORDS, *live.RECORDS),
    open_fields=protocol.OPEN_FIELDS,
    mistakes=mistakes.MISTAKES,
    remedies=errors.REMEDIES,
)
