"""The query of a push URL, which events call `stream_param`."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from emulator.model.scene import Stream

# Assumed: how long the URL of a push is valid.
_VALID = timedelta(days=1)


def query(names: Mapping[str, Any], pushed: Stream, since: datetime) -> str:
    """Return what the scene says, or else the authentication of a push that began then.

    `txSecret=MD5(key+StreamName+hex(time))&txTime=hex(time)` (guide on push authentication,
    tencentyun/qcloud-documents, read 2026-11-21). Domains have no key here; one is made
    of the name.
    """
    if pushed.query is not None:
        return pushed.query
    expires_at = f"{int((since + _VALID).timestamp()):X}"
    signed = f"{names['DomainName']}{names['StreamName']}{expires_at}"
    secret = hashlib.md5(signed.encode(), usedforsecurity=False).hexdigest()
    return f"txSecret={secret}&txTime={expires_at}"
