"""The page about scenarios, made from the library and from the values of faults and rules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emulator.app import vocabulary
from emulator.model.fault import (
    FAULTS,
    WORDS,
    AnswerFault,
    CallbackFault,
    Fault,
    PlaceFault,
    ResultFault,
    Skew,
    TaskFault,
)
from emulator.model.rule import When
from emulator.spec.document import read
from emulator.world import library, ruleform
from emulator.world.ruleform import Key
from emulator.world.scenariofile import Scenario


def titles() -> Mapping[str, str]:
    """Return the title of each scenario of the library, by its name."""
    return {name: read(path).take("title", str) for name, path in library.files().items()}


def page() -> str:
    """Return `docs/scenarios.md`."""
    words = vocabulary()
    scenarios = {name: library.read(name, words) for name in library.files()}
    lines = [_HEAD, *_loading(), "", _NAMED, *_faults(), "", _WHEN, *_whens(), "", _LIBRARY]
    for name, scenario in scenarios.items():
        lines += _entry(name, scenario)
    return "\n".join(lines) + "\n"


def _loading() -> Iterator[str]:
    yield from ("| for | say |", "|---|---|")
    for whom, ways in _LOADING.items():
        yield f"| {whom} | {'; '.join(ways)} |"


def _faults() -> Iterator[str]:
    for kind, title in _KINDS.items():
        yield from ("", f"### {title}", "", "| `fault` | keys | what happens |", "|---|---|---|")
        for word, fault in FAULTS.items():
            if issubclass(fault, kind):
                own = ", ".join(map(_key, ruleform.keys(fault)))
                yield f"| `{word}` | {own} | {ruleform.explained(fault)} |"
        if left_out := ruleform.unfit(kind):
            names = ", ".join(f"`{name}`" for name in left_out)
            yield from ("", f"Not together with {names}.")


def _whens() -> Iterator[str]:
    yield from ("| key | says | without it |", "|---|---|---|")
    for key in ruleform.keys(When):
        yield f"| `{key.name}` | {_MEANINGS[key.name]} | {_ABSENT.get(key.name, 'any')} |"


def _key(key: Key) -> str:
    if key.is_required:
        return f"`{key.name}`"
    return (
        f"`{key.name}`" if key.default in ("", False) else f"`{key.name} = {_shown(key.default)}`"
    )


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _entry(name: str, scenario: Scenario) -> Iterator[str]:
    yield from (f"### {name}", "", f"**{scenario.title}.** {_paragraph(scenario.why)}", "")
    yield from (f"A good client: {_paragraph(scenario.client)}", "")
    faults = dict.fromkeys(WORDS[type(rule.fault)] for rule in scenario.rules)
    yield from (f"Faults: {', '.join(f'`{fault}`' for fault in faults)}.", "")


def _paragraph(text: str) -> str:
    return " ".join(text.split())


_KINDS: Mapping[type[Fault], str] = {
    AnswerFault: "Answers",
    TaskFault: "Tasks",
    CallbackFault: "Callbacks",
    ResultFault: "Results",
    PlaceFault: "Places",
    Skew: "The server's clock",
}

_MEANINGS: Mapping[str, str] = {
    "vendor": "`tencent`, `alibaba`, `volcengine`",
    "product": "`tiw`, `live`, `ice`, `rtc`",
    "action": "the action that is called, or that made the task behind a callback or a result",
    "region": "the region of that call",
    "parameters": "values of its parameters, by name or dotted path",
    "event": "the event of a callback",
    "numbers": "which matches of the other conditions are taken: `[1, 3]` for first and third",
    "every": "`3` takes each third match; instead of `numbers`",
    "probability": "the chance that a match is taken, 0 to 1; seed, name of the rule and "
    "number of the match decide it",
    "from_seconds": "takes matches from so many seconds after the rule was loaded, by the clock "
    "of the namespace",
    "until_seconds": "takes matches until so many seconds after the rule was loaded",
    "times": "how many matches are taken at most",
}
_ABSENT: Mapping[str, str] = {
    "numbers": "every one",
    "every": "every one",
    "probability": "every one",
    "from_seconds": "at once",
    "until_seconds": "for ever",
    "times": "any number",
}

_HEAD = """\
# Scenarios

<!-- Made by `make scenarios` from the files in scenarios/ and the faults of the emulator. -->

A scenario is a TOML file: what goes wrong, when, and in which world. The same file with the same
seed and the same calls does the same, to the byte.

```toml
#:schema ./scenario.schema.json
title = "Callback lost"
why = "A load balancer of ours dropped it, and nobody sends it again."
client = "Asks for the task once the callback is overdue."
seed = 7

[[rules]]
fault = "callback-lost"
action = "CreateSnapshotTask"
times = 1

[world]
unknown_resources = "refuse"

[[world.accounts]]
vendor = "tencent"
resources = { SdkAppId = [1400000001] }
```

Only `title` is required. `[world]` takes the keys of a [world file](world.md), except `seed`, which
is a key of the scenario. A key of `[world]` replaces that key of the world file. A mistake is
refused with file, line, key and what was expected, and nothing of the scenario is loaded.
"""

_LOADING: Mapping[str, Sequence[str]] = {
    "a server": (
        "`emulator serve --scenario callback-lost`",
        "`EMULATOR_SCENARIO`",
        "`scenario` in `emulator.toml`",
    ),
    "a test": (
        '`@pytest.mark.emulator(scenario="callback-lost")`',
        '`emulator.load_scenario("callback-lost")` in it',
    ),
    "a new namespace": (
        '`server.create(scenario="callback-lost")`',
        '`"scenario"` of `POST /_emulator/namespaces`',
    ),
    "an existing namespace": (
        '`namespace.load_scenario("callback-lost")`',
        "`POST /_emulator/scenario?name=callback-lost`, or with the document as JSON",
    ),
    "rule by rule": (
        '`namespace.add_rules({"fault": "callback-lost", "times": 1})`',
        "`rules()`, `switch_rule(name, is_on=False)`, `remove_rule(name)`",
        "[`/rules`](admin.md#a-namespace)",
    ),
}

_NAMED = """\
A name is one of the library below. A name with `/` or `.toml` is the path of a file. In a test,
both in its mark and in `emulator.load_scenario`, it is looked for beside the test, then in the
working folder. An existing namespace takes the rules, and of the world `accounts`, `streams`,
`marks` and `pace`. The rest, and the seed, count only when a namespace is made.

`emulator scenario list`, `show NAME`, `check FILE…` and `schema` need no server. Editors find the
schema in `scenarios/scenario.schema.json`, or at `GET /_emulator/scenario.schema.json`. Editors
that use taplo for TOML find it by the first line of the file above.

## Faults

A rule has one `fault` with its keys, conditions that say [when](#when), and a `name`. Without a
`name` it is called after its fault, with a number."""

_WHEN = """\
## When

A rule matches where all its conditions hold. A condition that is left out always holds.
"""

_LIBRARY = """\
## The library
"""
