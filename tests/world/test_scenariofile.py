"""Scenario files: what they may say, and how a mistake in one is told."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from emulator.app import vocabulary
from emulator.model.fault import (
    FAULTS,
    Doubled,
    Fault,
    Latency,
    Refuse,
    Reset,
    ResetPoint,
    Skew,
    Spread,
    Throttle,
)
from emulator.model.rule import Rule, When
from emulator.spec.document import DocumentError, Table, parse
from emulator.world import ruleform
from emulator.world.scenariofile import Scenario, decode_scenario, read_scenario

WORDS = vocabulary()
# What a key without a default is given, by its name.
NEEDED: Mapping[str, object] = {
    "code": "InternalError",
    "state": "arrears",
    "seconds": 3,
    "bytes_per_second": 100,
    "by": -1,
    "place": "live/domain/app/stream",
}


def decoded(text: str) -> Scenario:
    return decode_scenario(parse(f'title = "x"\n{text}', "x.toml"), WORDS)


def rule(text: str) -> Rule:
    (only,) = decoded(f"[[rules]]\n{text}").rules
    return only


def needed(kind: type[Fault]) -> dict[str, object]:
    return {key.name: NEEDED[key.name] for key in ruleform.keys(kind) if key.is_required}


@pytest.mark.parametrize("word", FAULTS)
def test_every_fault_is_read_from_its_word_and_written_again(word: str) -> None:
    keys = {**needed(FAULTS[word]), **({"vendor": "tencent"} if word == "refuse" else {})}
    said = {"name": "r", "fault": word, **keys}

    (found,) = decode_scenario(Table("body", {"title": "x", "rules": [said]}), WORDS).rules

    assert type(found.fault) is FAULTS[word]
    assert ruleform.write(found) == said


def test_no_key_of_a_fault_is_one_of_when_it_strikes() -> None:
    when = {key.name for key in ruleform.keys(When)} | {"name", "fault"}

    clashes = [
        (word, key.name)
        for word, kind in FAULTS.items()
        for key in ruleform.keys(kind)
        if key.name in when
    ]

    assert clashes == []


def test_every_number_has_a_range_and_its_default_is_within() -> None:
    kinds: tuple[type, ...] = (*FAULTS.values(), When)
    numbers = [
        key
        for kind in kinds
        for key in ruleform.keys(kind)
        if key.kind in (int, float, float | None)
    ]

    assert [key.name for key in numbers if key.range is None] == []
    for key in numbers:
        if not key.is_required and key.default is not None:
            assert key.range
            assert key.range.least <= key.default <= key.range.most


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('fault = "throttle"', Rule("throttle-1", Throttle())),
        ('fault = "throttle"\nname = "busy"', Rule("busy", Throttle())),
        (
            'fault = "latency"\nseconds = 2\nspread = "uniform"\nspread_seconds = 0.5',
            Rule("latency-1", Latency(2, Spread.UNIFORM, 0.5)),
        ),
        ('fault = "reset"\nwhen = "after"', Rule("reset-1", Reset(ResetPoint.AFTER))),
        (
            'fault = "callback-doubled"\ncopies = 3\ntimes = 2',
            Rule("callback-doubled-1", Doubled(3), When(times=2)),
        ),
        (
            'fault = "refuse"\ncode = "Odd"\nforce = true',
            Rule("refuse-1", Refuse("Odd", force=True)),
        ),
        (
            'fault = "refuse"\ncode = "InternalError"\nvendor = "tencent"',
            Rule("refuse-1", Refuse("InternalError"), When(vendor="tencent")),
        ),
        ('fault = "clock-skew"\nseconds = -600', Rule("clock-skew-1", Skew(-600))),
        (
            'fault = "throttle"\naction = "CreateSnapshotTask"\nregion = "ap-singapore"\n'
            "numbers = [1, 3]\nfrom_seconds = 1.5\nuntil_seconds = 3\n"
            'parameters = { RoomId = 7, "Whiteboard.Width" = 640 }',
            Rule(
                "throttle-1",
                Throttle(),
                When(
                    action="CreateSnapshotTask",
                    region="ap-singapore",
                    parameters={"RoomId": 7, "Whiteboard.Width": 640},
                    numbers=(1, 3),
                    from_seconds=1.5,
                    until_seconds=3,
                ),
            ),
        ),
    ],
)
def test_a_rule_says_when_and_what(text: str, expected: Rule) -> None:
    assert rule(text) == expected


def test_rules_without_a_name_are_numbered_and_take_no_name_that_is_there() -> None:
    table = parse(
        'title = "x"\n[[rules]]\nfault = "throttle"\n[[rules]]\nfault = "throttle"\n'
        'name = "throttle-2"\n[[rules]]\nfault = "throttle"\n[[rules]]\nfault = "callback-lost"',
        "x.toml",
    )

    found = decode_scenario(table, WORDS, taken=["throttle-1"])

    names = [each.name for each in found.rules]
    assert names == ["throttle-3", "throttle-2", "throttle-4", "callback-lost-1"]


def test_a_scenario_has_its_texts_its_seed_and_its_world() -> None:
    found = decoded(
        'why = "w"\nclient = "c"\nseed = 7\n[world]\nunknown_resources = "refuse"\n'
        '[[world.streams]]\nplace = "live/a/b/c"\n[[world.accounts]]\nvendor = "tencent"\n'
        'resources = { SdkAppId = [1] }\n[[world.pace]]\nmode = "immediate"'
    )

    assert (found.title, found.why, found.client, found.seed) == ("x", "w", "c", 7)
    assert sorted(found.world) == ["accounts", "pace", "streams", "unknown_resources"]


RULES: Mapping[str, str] = {
    'fault = "callback-lst"': "'fault' must be one of .*; did you mean 'callback-lost'?",
    'name = "x"': "missing key 'fault'",
    'fault = "refuse"': "missing key 'code'",
    'fault = "refuse"\ncode = ""': "'code' must not be empty",
    'fault = "refuse"\ncdoe = "X"': "unknown key 'cdoe', did you mean 'code'?",
    'fault = "throttle"\ncode = "X"': "unknown key 'code'",
    'fault = "throttle"\naction = "CreatSnapshotTask"': (
        "'action': there is no 'CreatSnapshotTask' here; did you mean 'CreateSnapshotTask'?"
    ),
    'fault = "throttle"\nproduct = "live"\naction = "CreateSnapshotTask"': (
        "'action': CreateSnapshotTask is of tencent tiw, not of live"
    ),
    'fault = "throttle"\nvendor = "tencnt"': "'vendor' must be one of .*; did you mean 'tencent'?",
    'fault = "throttle"\nproduct = "liv"': "'product' must be one of .*; did you mean 'live'?",
    'fault = "throttle"\nvendor = "alibaba"\nproduct = "live"': "'product' must be one of ice",
    'fault = "throttle"\naction = "CreateSnapshotTask"\nregion = "ap-singapor"': (
        "'region' must be one of ap-guangzhou, ap-singapore, .*; did you mean 'ap-singapore'?"
    ),
    'fault = "throttle"\naction = "CreateSnapshotTask"\nparameters = { RomId = 1 }': (
        "'parameters': CreateSnapshotTask has no 'RomId'; did you mean 'RoomId'?"
    ),
    'fault = "refuse"\ncode = "InternalErorr"\naction = "CreateSnapshotTask"': (
        "'code' must be one that is documented of CreateSnapshotTask, not 'InternalErorr'; "
        "did you mean 'InternalError'?; any other needs 'force = true'"
    ),
    'fault = "refuse"\ncode = "FailedOperation.Record"\naction = "CreateSnapshotTask"': (
        "'code' must be one that is documented of CreateSnapshotTask"
    ),
    'fault = "refuse"\ncode = "InternalError"': "'code' needs an 'action', 'product' or 'vendor'",
    'fault = "account-denied"\nstate = "poor"': "'state' must be one of not_registered, arrears",
    'fault = "task-fails"\ncode = "X"\naction = "StartSnapshot"': (
        "'code' must be one of StartTaskFailed, UnknownStopReason, UserDisconnect"
    ),
    'fault = "throttle"\nevent = "SnapshotFinished"': (
        "'event' is not for the fault 'throttle': it strikes no callback"
    ),
    'fault = "room-vacated"\nplace = "rtc/a/b"\naction = "StartSnapshot"': (
        "'action' is not for the fault 'room-vacated': it does not depend on what is called"
    ),
    'fault = "stream-interrupted"\nplace = "live/a/b/c"\nevery_seconds = 0.1': (
        "'every_seconds' must be 0 for once, or 1 at least"
    ),
    'fault = "outage"\nstatus = 500': "'status' must be one of 502, 503, 504, not 500",
    'fault = "room-vacated"\nplace = "room"': (
        "'place' must be like rtc/<AppId>/<RoomId> or live/<DomainName>/<AppName>/<StreamName>"
    ),
    'fault = "throttle"\nevery = 2\nnumbers = [1]': (
        "'every' is not for a rule that has 'numbers'"
    ),
    'fault = "throttle"\nnumbers = [0]': "'numbers' must be a list of numbers, 1 or more",
    'fault = "throttle"\nfrom_seconds = 5\nuntil_seconds = 5': (
        "'until_seconds' must be greater than 'from_seconds'"
    ),
    'fault = "throttle"\ntimes = 1.5': "'times' must be int, not float",
    'fault = "throttle"\ntimes = true': "'times' must be int, not bool",
    'fault = "throttle"\nprobability = 1.1': "'probability' must be 0 to 1, not 1.1",
    'fault = "throttle"\nprobability = nan': "'probability' must be 0 to 1, not nan",
    'fault = "latency"\nseconds = -1': "'seconds' must be 0 to 31622400, not -1",
    'fault = "latency"\nseconds = "1"': "'seconds' must be int or float, not str",
    'fault = "truncated-body"\nshare = 2': "'share' must be 0 to 1, not 2",
    'fault = "bad-gateway"\nstatus = 500': "'status' must be one of 502, 503, 504, not 500",
    'fault = "proxy-page"\nstatus = 200': "'status' must be 400 to 599, not 200",
    'fault = "reset"\nwhen = "befor"': "'when' must be one of .*; did you mean 'before'?",
    'fault = "callback-lost"\nevent = "SnapshotFinishd"': (
        "'event' must be one of .*; did you mean 'SnapshotFinished'?"
    ),
    'fault = "callback-lost"\nproduct = "live"\nevent = "SnapshotFinished"': (
        "'event' must be one of .*event_type 100"
    ),
    'fault = "callback-lost"\naction = "StartSnapshot"\nevent = "SnapshotFinished"': (
        "'event' must be one of SnapshotRealTimeData, not 'SnapshotFinished'"
    ),
    'fault = "callback-late"\nseconds = 1\naction = "DescribeSnapshotTask"': (
        "'action': DescribeSnapshotTask makes no task, so nothing"
    ),
    'fault = "task-stuck"\naction = "DescribeSnapshotTask"': "'action': DescribeSnapshotTask makes",
    'fault = "result-missing"\naction = "GetSnapshotJob"': "'action': GetSnapshotJob makes no task",
    'fault = "task-fails"\naction = "StartOnlineRecord"\ncode = "StartTaskFailed"': (
        "'code' must be one of FailedOperation.Record, not 'StartTaskFailed'"
    ),
    'fault = "task-fails"\naction = "CreateRecordTask"\ncode = "FailedOperation.Record"': (
        "'code' must be left out, not 'FailedOperation.Record'"
    ),
    'fault = "throttle"\naction = "CreateSnapshotTask"\nparameters = { "Whiteboard.Widht" = 1 }': (
        "'parameters': CreateSnapshotTask has no 'Whiteboard.Widht'; "
        "did you mean 'Whiteboard.Width'?"
    ),
    'fault = "throttle"\nnumbers = []': "'numbers' must have one number at least, or be left out",
    'fault = "room-vacated"\nplace = "rtc/a/b"\nnumbers = [2]': (
        "'numbers' must have 1 in it or be left out: 'room-vacated' comes once only"
    ),
    'fault = "stream-interrupted"\nplace = "live/a/b/c"\nevery = 2': (
        "'every' must have 1 in it or be left out: 'stream-interrupted' comes once only"
    ),
    **{
        f'fault = "{word}"\nplace = "{place}"\n{key} = {value}': (
            f"'{key}' is not for the fault '{word}'"
        )
        for word, place in (("stream-interrupted", "live/a/b/c"), ("room-vacated", "rtc/a/b"))
        for key, value in (
            ("parameters", "{ RoomId = 1 }"),
            ("region", '"ap-singapore"'),
            ("action", '"CreateSnapshotTask"'),
            ("event", '"SnapshotFinished"'),
        )
    },
    'fault = "throttle"\nname = "a/b"': "'name' must be of letters, digits",
}


@pytest.mark.parametrize("text", RULES)
def test_a_rule_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(DocumentError) as refused:
        rule(text)

    assert_says(refused.value, RULES[text])
    assert refused.value.path == "rules.0"


@pytest.mark.parametrize("text", RULES)
def test_a_rule_in_a_file_is_refused_with_file_line_and_key(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'title = "x"\n\n[[rules]]\n{text}\n')
    lines = path.read_text().splitlines()

    with pytest.raises(DocumentError) as refused:
        read_scenario(path, WORDS)

    where, number = str(refused.value).split(": ")[0].rsplit(":", 1)
    named = re.search(r"'(\w+)'", RULES[text])
    key = named[1] if named else ""
    keys = [index for index, line in enumerate(lines, 1) if re.match(rf"{key}\b", line)]
    assert where == str(path)
    assert int(number) in (keys or [3])


SCENARIOS: Mapping[str, str] = {
    'titel = "x"': "unknown key 'titel', did you mean 'title'?",
    "seed = 7": "missing key 'title'",
    'title = " "': "'title' must not be empty",
    'title = "x"\nseed = -1': "'seed' must be 0 to",
    'title = "x"\nrules = 3': "'rules' must be list",
    'title = "x"\n[[rules]]\nfault = "throttle"\nname = "a"\n[[rules]]\nfault = "throttle"\n'
    'name = "a"': "rules.1: 'name' is 'a' twice",
    'title = "x"\n[world]\nseed = 1': "world: 'seed' is expected above, beside the title",
    'title = "x"\n[world]\nunknown = 1': "world: unknown key 'unknown'",
    'title = "x"\n[[world.streams]]\nplace = "rtc/a/b"\nusr = "b"': (
        "world.streams.0: unknown key 'usr', did you mean 'user'?"
    ),
    'title = "x"\n[[world.accounts]]\nvendor = "aws"': "world.accounts.0: 'vendor' must be one of",
    'title = "x"\n[[world.pace]]\nkind = "tiw.snapsho"': "did you mean 'tiw.snapshot'?",
}


@pytest.mark.parametrize("text", SCENARIOS)
def test_a_scenario_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(DocumentError) as refused:
        decode_scenario(parse(text, "x.toml"), WORDS)

    assert_says(refused.value, SCENARIOS[text])


def assert_says(error: DocumentError, expected: str) -> None:
    for part in expected.split(".*"):
        assert part in str(error)


def test_a_mistake_in_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "x"\n\n[[rules]]\nfault = "latency"\nseconds = -1\n')

    with pytest.raises(DocumentError) as refused:
        read_scenario(path, WORDS)

    assert str(refused.value).startswith(f"{path}:5: rules.0: 'seconds' must be 0 to")


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "x"\n[[rules\n')

    with pytest.raises(DocumentError, match=r"mine\.toml:2: is not TOML: "):
        read_scenario(path, WORDS)
