"""What too much of everything costs those who ask for little, and what it leaves in memory."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import Figure
from contract_tests.signers import Signer
from emulator.model.vendor import Vendor
from emulator.vendors import VENDORS
from tests.hostile.documents import video_task
from tests.hostile.reply import ask
from tests.hostile.server import LIMITS_RAISED, Server, serving
from tests.hostile.wire import FORM_TYPE, JSON_TYPE, KIB, MIB, call, posted

MANY = 100_000
MOST_SECONDS = 1


def measure(short: bool) -> Sequence[Figure]:
    vendors = VENDORS[:1] if short else VENDORS
    with server() as hostile:
        times = [
            (f"{vendor.name}, {name}", hostile.time(make(vendor, hostile.port)))
            for name, make in REQUESTS.items()
            for vendor in vendors
        ]
        slowest, beside = (max(times, key=lambda each: each[1][which]) for which in (0, 1))
        grown = [growth(hostile, size) for size in (64 * KIB, 2 * MIB)]
    return (
        Figure(f"Slowest answer to excess ({slowest[0]})", slowest[1][0], "s", MOST_SECONDS),
        Figure(f"Slowest good call beside it ({beside[0]})", beside[1][1], "s", MOST_SECONDS),
        Figure("Memory that 20 refused calls leave", max(grown) / MIB, "MiB", 32),
    )


def members(vendor: Vendor, port: int) -> bytes:
    body = b"{" + b",".join(b'"k%d":1' % number for number in range(MANY)) + b"}"
    return call(vendor, port, body, content_type=JSON_TYPE)


def fields(vendor: Vendor, port: int) -> bytes:
    body = b"&".join(b"k%d=1" % number for number in range(MANY))
    return call(vendor, port, body, content_type=FORM_TYPE)


def query_keys(vendor: Vendor, port: int) -> bytes:
    query = b"&".join(b"k%d=1" % number for number in range(MANY))
    return call(vendor, port, query=query)


def headers(vendor: Vendor, port: int) -> bytes:
    return call(vendor, port, extra=[(b"a", b"")] * 50_000)


def violations(vendor: Vendor, port: int) -> bytes:
    controls = b'{"Enabled":true,"StreamControls":[' + b"{}," * (MIB // 2) + b"{}]}"
    return video_task(port, RecordControl=controls)


def large_text(vendor: Vendor, port: int) -> bytes:
    signer = Signer("x", datetime.now(UTC), secret="wrong", nonce=os.urandom(8).hex())
    wire = signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", {}, in_body=True)
    return posted(wire, b"&x=" + b"\xe4\xb8\xad" * (3 * MIB))


def placeholders(vendor: Vendor, port: int) -> bytes:
    media = "oss://b/" + "{Count}" * 25_000 + "\n/x"
    signer = Signer(f"127.0.0.1:{port}", datetime.now(UTC), nonce=os.urandom(8).hex())
    arguments = {
        "Input": {"Type": "OSS", "Media": "oss://b/a.mp4"},
        "Output": {"Type": "OSS", "Media": media},
        "TemplateConfig": {"OverwriteParams": {"Type": "Normal", "Config": {"Count": 2}}},
    }
    return posted(signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", arguments, in_body=True))


REQUESTS: Mapping[str, Callable[[Vendor, int], bytes]] = {
    "100,000 members": members,
    "100,000 fields": fields,
    "100,000 query keys": query_keys,
    "50,000 headers": headers,
    "500,000 violations": violations,
    "9 MiB of text, wrongly signed": large_text,
    "25,000 placeholders": placeholders,
}


def growth(hostile: Server, size: int) -> int:
    """Return the bytes that 20 calls with a nonce of this size leave, once memory is warm."""

    def refused() -> None:
        nonce = os.urandom(8).hex().ljust(size, "n")
        signer = Signer("x", datetime.now(UTC), key_id="nobody", nonce=nonce)
        wire = signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", {}, in_body=True)
        ask(hostile.port, posted(wire))

    for _ in range(5):
        refused()
    before = hostile.resident_bytes()
    for _ in range(20):
        refused()
    return hostile.resident_bytes() - before


@contextmanager
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder, "world.toml")
        world.write_text(LIMITS_RAISED)
        with serving(world) as hostile:
            yield hostile
