"""Volcengine: RTC, behind the OpenAPI gateway."""

import re
from pathlib import Path

from emulator.model.vendor import Step, Vendor
from emulator.spec.catalog import Catalog
from emulator.vendors.volcengine import callback, errors, mistakes, protocol, signature
from emulator.vendors.volcengine.actions import rtc

VOLCENGINE = Vendor(
    name="volcengine",
    title="Volcengine",
    hosts=re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)?\.volcengineapi\.com"),
    claims=protocol.claims,
    read=protocol.read,
    order=(
        protocol.require_address,
        protocol.require_signature,
        protocol.require_date,
        Step.FRESHNESS,
        Step.TOKEN,
        Step.KEY,
        Step.SIGNATURE,
        protocol.require_service,
        Step.ACTION,
        protocol.require_method,
        Step.RATE,
        Step.PARAMETERS,
        Step.VALUES,
        Step.ACCOUNT,
        Step.RESOURCES,
    ),
    catalog=Catalog(Path(__file__).parent / "specs"),
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
    handlers={"rtc": rtc.HANDLERS},
    courses=rtc.COURSES,
    lives=rtc.LIVES,
    queries=rtc.QUERIES,
    probes=rtc.PROBES,
    kinds=rtc.KINDS,
    retelling=callback.RETELLING,
    declarables=rtc.DECLARABLES,
    witnesses=rtc.WITNESSES,
    open_fields=protocol.OPEN_FIELDS,
    mistakes=mistakes.MISTAKES,
    remedies=errors.REMEDIES,
)
