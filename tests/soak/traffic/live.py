"""Tencent Live: domains, templates up to the limit, and rules."""

from tests.soak.caller import Caller
from tests.soak.model import PRESENCE
from tests.soak.traffic.shared import Shared

_DOMAIN, _TEMPLATE, _RULE = "Live domain", "Live template", "Live rule"
_MAX_DOMAINS, _MAX_TEMPLATES = 100, 50
_DOMAINS = 120
_LISTED = 0.1
_RULE_DOMAINS = ("r1.example.com", "r2.example.com", "r3.example.com")
_MADE, _REMOVED = {"": "make"}, {"": "remove"}
_SEEN = {"": "see"}


def add_domain(caller: Caller, shared: Shared) -> None:
    thing = _domain(shared)
    with caller.asking() as asked:
        kind = {"DomainName": thing[1], "DomainType": 0}
        answer = asked.call(caller.clients.live, "AddLiveDomain", **kind)
        codes = {**_MADE, "FailedOperation.DomainAdded": "make: refused, it exists"}
        asked.note_by_code(thing, PRESENCE, codes, answer)


def show_domain(caller: Caller, shared: Shared) -> None:
    thing = _domain(shared)
    with caller.asking() as asked:
        answer = asked.call(caller.clients.live, "DescribeLiveDomain", DomainName=thing[1])
        codes = {**_SEEN, "ResourceNotFound.DomainNotExist": "miss"}
        if not answer.problem:
            asked.note_by_code(thing, PRESENCE, codes, answer)


def list_domains(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        answer = asked.call(caller.clients.live, "DescribeLiveDomains")
    if answer.is_ok and (count := answer.content["AllCount"]) > _MAX_DOMAINS:
        shared.violations.add("limit", f"expected at most {_MAX_DOMAINS} domains, got {count}")


def make_template(caller: Caller, shared: Shared) -> None:
    """Create a template, and list them at times: there must not be more than the limit."""
    bucket = {"CosAppId": 1250000001, "CosBucket": "shots", "CosRegion": "ap-guangzhou"}
    with caller.asking() as asked:
        send = caller.clients.live
        answer = asked.call(send, "CreateLiveSnapshotTemplate", TemplateName="soak", **bucket)
        if answer.is_ok:
            thing = (_TEMPLATE, str(answer.content["TemplateId"]))
            asked.note(thing, PRESENCE, "make", of=answer)
            shared.tell(thing)
    if caller.chance.random() < _LISTED:
        list_templates(caller, shared)


def remove_template(caller: Caller, shared: Shared) -> None:
    if not (thing := shared.one(_TEMPLATE, shared.chance(caller.chance))):
        return
    with caller.asking() as asked:
        named = {"TemplateId": int(thing[1])}
        answer = asked.call(caller.clients.live, "DeleteLiveSnapshotTemplate", **named)
        codes = {
            **_REMOVED,
            "InternalError.ConfNotFound": "remove: refused, it does not exist",
            "FailedOperation.ConfInUsed": "see",
        }
        asked.note_by_code(thing, PRESENCE, codes, answer)


def show_template(caller: Caller, shared: Shared) -> None:
    if not (thing := shared.one(_TEMPLATE, shared.chance(caller.chance))):
        return
    with caller.asking() as asked:
        named = {"TemplateId": int(thing[1])}
        answer = asked.call(caller.clients.live, "DescribeLiveSnapshotTemplate", **named)
        codes = {**_SEEN, "FailedOperation.NotFound": "miss"}
        if not answer.problem:
            asked.note_by_code(thing, PRESENCE, codes, answer)


def list_templates(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        answer = asked.call(caller.clients.live, "DescribeLiveSnapshotTemplates")
    if not answer.is_ok:
        return
    ids = [each["TemplateId"] for each in answer.content["Templates"]]
    if len(ids) > _MAX_TEMPLATES:
        shared.violations.add(
            "limit", f"expected at most {_MAX_TEMPLATES} templates, got {len(ids)}"
        )
    if len(ids) > len(set(ids)):
        shared.violations.add("ids", f"expected template ids to differ, got {sorted(ids)}")


def make_rule(caller: Caller, shared: Shared) -> None:
    if not (template := shared.one(_TEMPLATE, shared.chance(caller.chance))):
        return
    thing = (_RULE, shared.chance(caller.chance).choice(_RULE_DOMAINS))
    with caller.asking() as asked:
        bound = {"DomainName": thing[1], "TemplateId": int(template[1])}
        answer = asked.call(caller.clients.live, "CreateLiveSnapshotRule", **bound)
        codes = {**_MADE, "FailedOperation.RuleAlreadyExist": "make: refused, it exists"}
        asked.note_by_code(thing, PRESENCE, codes, answer)
        seen = {**_SEEN, "InvalidParameter.ConfNotFound": "miss"}
        if not answer.problem:
            asked.note_by_code(template, PRESENCE, seen, answer)


def remove_rule(caller: Caller, shared: Shared) -> None:
    thing = (_RULE, shared.chance(caller.chance).choice(_RULE_DOMAINS))
    with caller.asking() as asked:
        answer = asked.call(caller.clients.live, "DeleteLiveSnapshotRule", DomainName=thing[1])
        absent = "remove: refused, it does not exist"
        codes = {**_REMOVED, "FailedOperation.NotFound": absent}
        asked.note_by_code(thing, PRESENCE, codes, answer)


def list_rules(caller: Caller, shared: Shared) -> None:
    with caller.asking() as asked:
        answer = asked.call(caller.clients.live, "DescribeLiveSnapshotRules")
        if not answer.is_ok:
            return
        bound = {each["DomainName"] for each in answer.content["Rules"]}
        for name in _RULE_DOMAINS:
            action = "see" if name in bound else "miss"
            asked.note((_RULE, name), PRESENCE, action, of=answer)


def _domain(shared: Shared) -> tuple[str, str]:
    """Return the domain of the current moment: all callers use the same one."""
    return _DOMAIN, f"d{shared.moment() % _DOMAINS}.example.com"


MOVES = {
    add_domain: 4,
    show_domain: 2,
    list_domains: 1,
    make_template: 3,
    remove_template: 4,
    show_template: 2,
    list_templates: 1,
    make_rule: 2,
    remove_rule: 2,
    list_rules: 1,
}
