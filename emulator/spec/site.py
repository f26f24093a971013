"""Sites of a vendor: what a spec file says of one, where its pages differ from the other's."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emulator.spec.document import Table

USUAL = "intl"
"""The site that a file's own keys are about."""
SITES = (USUAL, "mainland")
_MEMBERS = ("parameters", "response")


def of_action(table: Table, site: str) -> Table:
    """Return an action's file as it is at a site.

    There `sites` says where a parameter, a member of an answer or a rule is known at all, and
    `at.<site>` what else a parameter says there. Raises DocumentError for a site that there is not.
    """
    content = dict(table.content)
    for part in _MEMBERS:
        if isinstance(content.get(part), dict):
            content[part] = _members(_below(table, part), site)
    if isinstance(rules := content.get("rules"), list):
        content["rules"] = [rule for rule in rules if not _is_elsewhere(table, rule, site)]
        content["rules"] = [_without(rule, "sites") for rule in content["rules"]]
    return Table(table.where, content, table.path)


def of_types(table: Table, site: str) -> Table:
    """Return a product's shared types as they are at a site."""
    return Table(table.where, _members(table, site), table.path)


def named(content: Mapping[str, Any], types: Mapping[str, Any]) -> frozenset[str]:
    """Return the sites that an action's file names, or one of the shared types that it uses."""
    parts = [content.get(part) for part in (*_MEMBERS, "rules")]
    return frozenset(_named(parts, types))


def _named(content: Any, types: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(content, dict):
        at, sites, use = content.get("at"), content.get("sites"), content.get("use")
        yield from at if isinstance(at, dict) else ()
        yield from SITES if sites is not None else ()
        yield from _named(types.get(use), types) if isinstance(use, str) else ()
    inside = content.values() if isinstance(content, dict) else content
    if isinstance(content, dict | list):
        for value in inside:
            yield from _named(value, types)


def _members(table: Table, site: str) -> dict[str, Any]:
    return {
        name: _member(_below(table, name), site) if isinstance(value, dict) else value
        for name, value in table.content.items()
        if not _is_elsewhere(table, value, site)
    }


def _member(table: Table, site: str) -> dict[str, Any]:
    content = dict(table.content)
    at = content.pop("at", {})
    if not isinstance(at, dict) or not set(at) <= set(SITES):
        raise table.error(f"'at' must have tables of {', '.join(SITES)}")
    here = at.get(site, {})
    if not isinstance(here, dict):
        raise table.error(f"'at.{site}' must be a table")
    assumed = {**content.get("assumed", {}), **here.get("assumed", {})}
    content = _without({**content, **here, **({"assumed": assumed} if assumed else {})}, "sites")
    if isinstance(content.get("properties"), dict):
        inner = Table(table.where, content["properties"], f"{table.path}.properties")
        content["properties"] = _members(inner, site)
    if isinstance(content.get("items"), dict):
        content["items"] = _member(
            Table(table.where, content["items"], f"{table.path}.items"), site
        )
    return content


def _is_elsewhere(table: Table, value: object, site: str) -> bool:
    sites: Sequence[object] = value.get("sites", SITES) if isinstance(value, dict) else SITES
    if not isinstance(sites, list | tuple) or not set(sites) <= set(SITES):
        raise table.error(f"'sites' must be a list of {', '.join(SITES)}")
    return site not in sites


def _without(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != key}


def _below(table: Table, key: str) -> Table:
    path = f"{table.path}.{key}" if table.path else key
    return Table(table.where, table.content[key], path)
