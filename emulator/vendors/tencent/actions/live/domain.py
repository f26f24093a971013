"""Live's domains: for pushing to and for playing from."""

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.model.call import Call
from emulator.model.error import ApiError
from emulator.model.resource import Resource
from emulator.model.task import Change, Outcome, Situation
from emulator.model.vendor import Handler
from emulator.spec.defaults import with_defaults
from emulator.vendors.tencent.actions.live.beijing import printed
from emulator.vendors.tencent.actions.live.page import page

# The kind by which specs name it, so that an added domain is one that exists.
_KIND = "DomainName"
# Who has a domain, of all accounts: kept under an account that nobody has.
_OWNER, _EVERYBODY = "live.domain_owner", ""
# "More than 100 domains."
_MAX_DOMAINS = 100
_PUSH, _PLAY = 0, 1
_MAINLAND, _EVERYWHERE, _OUTSIDE = 1, 2, 3
# Of the printed samples.
_TARGETS = {_PUSH: "tlivepush.com", _PLAY: "liveplay.myqcloud.com"}


def add_live_domain(call: Call, situation: Situation) -> Outcome:
    """Add a domain that nobody has; ownership is taken to be proven."""
    name, now = call.arguments["DomainName"].lower(), situation.now
    domains = _domains(situation)
    owner = situation.resources.resource(_OWNER, _EVERYBODY, name)
    if any(domain.id == name for domain in domains):
        raise ApiError("FailedOperation.DomainAdded")
    if owner:
        raise ApiError("InvalidParameter.DomainAlreadyExist")
    if len(domains) >= _MAX_DOMAINS:
        raise ApiError("FailedOperation.HostOutLimit")
    said = {key: value for key, value in call.arguments.items() if value is not None}
    values = with_defaults(said, call.action.parameters)
    domain = Resource(_KIND, situation.account.id, name, now, now, values)
    taken = Resource(_OWNER, _EVERYBODY, name, now, now, {})
    return Outcome({}, Change(resources=(domain, taken)))


def describe_live_domain(call: Call, situation: Situation) -> Outcome:
    name = call.arguments["DomainName"].lower()
    for domain in _domains(situation):
        if domain.id == name:
            return Outcome({"DomainInfo": _shown(domain)})
    raise ApiError("ResourceNotFound.DomainNotExist")


def describe_live_domains(call: Call, situation: Situation) -> Outcome:
    """List a page of the domains that the filters leave; counts are of what they leave."""
    arguments = call.arguments
    every = _domains(situation)
    found = [domain for domain in every if _is_wanted(domain, arguments)]
    number, size = arguments.get("PageNum") or 1, arguments.get("PageSize") or 10
    return Outcome(
        {
            "AllCount": len(found),
            "DomainList": [_shown(domain) for domain in page(found, number, size)],
            "CreateLimitCount": max(0, _MAX_DOMAINS - len(every)),
            "PlayTypeCount": _play_types(found),
        }
    )


def is_there(name: str, situation: Situation) -> bool:
    """Return whether the account has the domain; where any exists, it has every one."""
    if not situation.refuses_unknown:
        return True
    return any(domain.id == name for domain in _domains(situation))


def _domains(situation: Situation) -> Sequence[Resource]:
    """Return the domains that the world declares for the account, and those it added."""
    account, now = situation.account, situation.now
    added = situation.resources.resources(_KIND, account.id)
    names = {domain.id for domain in added}
    declared = [
        Resource(_KIND, account.id, name, now, now, {"DomainName": name, "DomainType": _PUSH})
        for name in sorted(account.resources.get(_KIND, ()))
        if name not in names
    ]
    return (*declared, *added)


def _is_wanted(domain: Resource, wanted: Mapping[str, Any]) -> bool:
    shown = _shown(domain)
    of_type = wanted.get("DomainType")
    asked = {
        "Status": wanted.get("DomainStatus"),
        "Type": of_type,
        "IsDelayLive": wanted.get("IsDelayLive") or 0,
        # "Takes effect with DomainType 1 only."
        "PlayType": wanted.get("PlayType") if of_type == _PLAY else None,
    }
    is_prefixed = domain.id.startswith((wanted.get("DomainPrefix") or "").lower())
    return is_prefixed and all(
        value is None or shown[name] == value for name, value in asked.items()
    )


def _play_types(domains: Sequence[Resource]) -> list[int]:
    """Count playback domains of the mainland, of everywhere and of outside."""
    shown = [_shown(domain) for domain in domains]
    types = [each["PlayType"] for each in shown if each["Type"] == _PLAY]
    return [types.count(kind) for kind in (_MAINLAND, _EVERYWHERE, _OUTSIDE)]


def _shown(domain: Resource) -> dict[str, object]:
    values = domain.values
    target = f"{domain.id}.{_TARGETS[values['DomainType']]}"
    return {
        "Name": domain.id,
        "Type": values["DomainType"],
        "Status": 1,
        "CreateTime": printed(domain.created_at),
        "BCName": 1,
        "TargetDomain": target,
        "PlayType": values.get("PlayType", _MAINLAND),
        "IsDelayLive": values.get("IsDelayLive", 0),
        "CurrentCName": target,
        "RentTag": 0,
        "RentExpireTime": "0000-00-00 00:00:00",
        "IsMiniProgramLive": values.get("IsMiniProgramLive", 0),
    }


HANDLERS: Mapping[str, Handler] = {
    "AddLiveDomain": add_live_domain,
    "DescribeLiveDomain": describe_live_domain,
    "DescribeLiveDomains": describe_live_domains,
}
