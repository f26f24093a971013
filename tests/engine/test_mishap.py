"""What the faults of answers come to, without a connection."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from emulator.engine.explanation import explain
from emulator.engine.mishap import befall
from emulator.model.account import AccessKey
from emulator.model.call import Call, Claim
from emulator.model.fault import (
    BadGateway,
    Denied,
    Fault,
    KeyDisabled,
    Latency,
    MalformedJson,
    NoReply,
    NotPermitted,
    ProxyPage,
    Refuse,
    Reset,
    ResetPoint,
    Skew,
    SlowBody,
    Spread,
    Throttle,
    TokenExpired,
)
from emulator.model.http import Headers, Request
from emulator.model.manner import Ending, Manner
from emulator.model.rule import Rule, When
from emulator.model.vendor import Vendor
from emulator.spec.action import Action
from emulator.spec.document import Table
from emulator.vendors import VENDORS
from emulator.world.namespace import DEFAULT
from emulator.world.rulefile import decode_rules
from tests.calls import (
    DRAFTS,
    JOB,
    ROOM,
    SCREENSHOT,
    SNAPSHOT,
    Draft,
    header,
    put,
    refusal,
    signed_by,
)
from tests.flows.live import SNAPSHOT_TEMPLATE as TEMPLATE
from tests.server import Answer, InProcess

VENDOR = {vendor.name: vendor for vendor in VENDORS}
EVERY_DRAFT = pytest.mark.parametrize("draft", DRAFTS, ids=[draft.action for draft in DRAFTS])


@pytest.fixture(autouse=True)
def _by_rule(record_property: Callable[[str, object], None]) -> None:
    record_property("by_rule", "yes")


def load(emulator: InProcess, *rules: Rule) -> None:
    with emulator.agenda.turn:
        emulator.agenda.faults.load(rules, emulator.clock.now())


def ask(emulator: InProcess, draft: Draft = SNAPSHOT) -> Answer:
    return emulator.send(draft.sign(emulator.signer()))


def fault_of(emulator: InProcess) -> str:
    return emulator.agenda.namespace.state.requests.after(0)[-1].fault


def hits(emulator: InProcess) -> list[int]:
    return [loaded.hits for loaded in emulator.agenda.faults.every()]


def tasks(emulator: InProcess) -> int:
    return len(emulator.agenda.namespace.state.timeline.values())


def manner_of(emulator: InProcess) -> Manner | None:
    return emulator.agenda.namespace.state.requests.after(0)[-1].response.manner


def test_without_rules_nothing_of_a_fault_is_told(emulator: InProcess) -> None:
    answer = ask(emulator)

    assert refusal(answer) is None
    assert (fault_of(emulator), manner_of(emulator)) == ("", None)


@EVERY_DRAFT
def test_a_rule_refuses_before_anything_takes_effect(emulator: InProcess, draft: Draft) -> None:
    load(emulator, Rule("broken", Refuse("InternalError")))

    refused = refusal(ask(emulator, draft))

    assert refused
    assert refused.code == "InternalError"
    assert (fault_of(emulator), hits(emulator), tasks(emulator)) == ("broken", [1], 0)


def every_action() -> Iterator[Any]:
    for vendor in VENDORS:
        for action in vendor.catalog.every():
            yield pytest.param(vendor, action, id=f"{vendor.name}-{action.version}-{action.name}")


EVERY_ACTION = pytest.mark.parametrize(("vendor", "action"), [*every_action()])


def answered(emulator: InProcess, vendor: Vendor, action: Action, fault: Fault) -> tuple[str, str]:
    """Return code and text of the error that a fault comes to for a call of any action."""
    request = Request("POST", "/", "", Headers([]), b"")
    key = AccessKey("test", "test", vendor.name, "a", DEFAULT)
    claim = Claim(action=action.name)
    call = Call(request=request, claim=claim, action=action, key=key, is_verified=True)
    accounts = emulator.agenda.namespace.accounts.values()
    account = next(account for account in accounts if account.vendor == vendor.name)
    load(emulator, Rule("one", fault))
    with emulator.agenda.turn:
        situation = emulator.agenda.situations.of(account, "")
        error = befall(emulator.agenda, vendor, call, situation).error
    assert error
    refused = error.refused
    spec, facts = vendor.error(action, refused), {"request_id": "", **refused.facts}
    return spec.code.format_map(facts), spec.text(refused.variant, "").format_map(facts)


@EVERY_ACTION
def test_every_documented_error_can_be_answered(
    emulator: InProcess, vendor: Vendor, action: Action
) -> None:
    for code in (*action.errors, *vendor.catalog.gateway.errors):
        assert all(answered(emulator, vendor, action, Refuse(code)))


@EVERY_ACTION
@pytest.mark.parametrize(
    "fault", [Throttle(), KeyDisabled(), TokenExpired(), NotPermitted()], ids=repr
)
def test_every_action_has_an_error_for_what_gateways_find(
    emulator: InProcess, vendor: Vendor, action: Action, fault: Fault
) -> None:
    assert all(answered(emulator, vendor, action, fault))


def test_the_text_of_a_rule_is_answered_as_it_stands(emulator: InProcess) -> None:
    load(emulator, Rule("odd", Refuse("FailedOperation", "all {of} it", force=True)))

    refused = refusal(ask(emulator))

    assert refused
    assert (refused.code, refused.message) == ("FailedOperation", "all {of} it")


def test_a_code_that_the_action_lacks_does_not_strike_without_force(emulator: InProcess) -> None:
    load(emulator, Rule("elsewhere", Refuse("NoSuchCode")))

    assert refusal(ask(emulator)) is None
    assert (fault_of(emulator), hits(emulator)) == ("", [0])


def test_a_state_that_the_action_knows_no_error_for_does_not_strike(emulator: InProcess) -> None:
    load(emulator, Rule("odd", Denied("retired")))

    assert refusal(ask(emulator)) is None
    assert hits(emulator) == [0]


def test_a_throttle_says_one_call_more_than_allowed(emulator: InProcess) -> None:
    load(emulator, Rule("burst", Throttle()))

    refused = refusal(ask(emulator))

    assert refused
    assert "equals to `21` in a second" in str(refused.message)
    assert "frequency limit `20`" in str(refused.message)


def test_latencies_add_up_until_something_answers(emulator: InProcess) -> None:
    load(
        emulator,
        Rule("slow", Latency(1)),
        Rule("slower", Latency(2)),
        Rule("burst", Throttle()),
        Rule("never", NoReply()),
    )

    ask(emulator)

    assert manner_of(emulator) == Manner(delay_seconds=3)
    assert (fault_of(emulator), hits(emulator)) == ("slow, slower, burst", [1, 1, 1, 0])


def test_rules_are_asked_in_the_order_in_which_they_were_loaded(emulator: InProcess) -> None:
    load(
        emulator,
        Rule("any", Refuse("InternalError")),
        Rule("own", Throttle(), When(action="CreateSnapshotTask")),
    )

    ask(emulator)

    assert fault_of(emulator) == "any"


@pytest.mark.parametrize(
    ("fault", "takes_effect"),
    [
        (Reset(ResetPoint.UNREAD), False),
        (Reset(ResetPoint.BEFORE), False),
        (Reset(ResetPoint.AFTER), True),
        (NoReply(), True),
        (SlowBody(10), True),
        (MalformedJson(), True),
        (ProxyPage(502), False),
        (BadGateway(504), False),
    ],
    ids=repr,
)
def test_a_call_takes_effect_or_does_not(
    emulator: InProcess, fault: Fault, takes_effect: bool
) -> None:
    load(emulator, Rule("r", fault))

    ask(emulator)

    entry = emulator.agenda.namespace.state.requests.after(0)[-1]
    assert entry.is_accepted is takes_effect
    assert (tasks(emulator) > 0) is takes_effect


@EVERY_DRAFT
def test_json_breaks_off(emulator: InProcess, draft: Draft) -> None:
    load(emulator, Rule("r", MalformedJson()))

    answer = ask(emulator, draft)

    assert (answer.status, int(answer.headers["content-length"])) == (200, len(answer.body))
    with pytest.raises(ValueError, match="line 1"):
        _ = answer.content


def test_what_a_handler_refuses_is_spoiled_too(emulator: InProcess) -> None:
    load(emulator, Rule("r", MalformedJson(), When(action="DescribeSnapshotTask")))
    unknown = replace(
        SNAPSHOT,
        action="DescribeSnapshotTask",
        arguments={"TaskID": "nobody-made-it", "SdkAppId": 1400000001},
    )

    with pytest.raises(ValueError, match="line 1"):
        _ = ask(emulator, unknown).content

    entry = emulator.agenda.namespace.state.requests.after(0)[-1]
    assert (entry.is_accepted, entry.fault) == (False, "r")


def test_a_proxy_answers_a_page(emulator: InProcess) -> None:
    load(emulator, Rule("r", ProxyPage(502)))

    answer = ask(emulator)

    assert (answer.status, answer.headers["content-type"]) == (502, "text/html")
    assert "<h1>502 Bad Gateway</h1>" in answer.text


@pytest.mark.parametrize(
    ("draft", "code"), [(JOB, "ServiceUnavailable"), (ROOM, "ServiceUnavailableTemp")]
)
def test_a_gateway_answers_its_own_error_where_one_is_documented(
    emulator: InProcess, draft: Draft, code: str
) -> None:
    load(emulator, Rule("r", BadGateway(503)))

    refused = refusal(ask(emulator, draft))

    assert refused
    assert (refused.code, refused.status) == (code, 503)


def test_a_reset_has_no_answer(emulator: InProcess) -> None:
    load(emulator, Rule("r", Reset()))

    ask(emulator)

    assert manner_of(emulator) == Manner(ending=Ending.RESET)


def delays(fault: Latency) -> list[float]:
    emulator = InProcess()
    load(emulator, Rule("r", fault))
    for number in range(20):
        ask(emulator, put("RoomId", number + 1)(SNAPSHOT))
    entries = emulator.agenda.namespace.state.requests.after(0)
    return [entry.response.manner.delay_seconds for entry in entries if entry.response.manner]


@pytest.mark.parametrize("spread", [Spread.UNIFORM, Spread.LOGNORMAL])
def test_latencies_are_drawn_the_same_way_for_the_same_seed(spread: Spread) -> None:
    fault = Latency(2, spread, spread_seconds=1)

    first, again = delays(fault), delays(fault)

    assert first == again
    assert len(set(first)) == 20


def test_a_uniform_latency_stays_within_its_width() -> None:
    drawn = delays(Latency(1, Spread.UNIFORM, spread_seconds=2))

    assert all(0 <= seconds <= 3 for seconds in drawn)
    assert max(drawn) > 1.5


def test_ids_are_those_that_they_would_be_without_latencies() -> None:
    calm, slow = InProcess(), InProcess()
    load(slow, Rule("r", Latency(2, Spread.LOGNORMAL)))

    assert ask(calm).body == ask(slow).body


def test_a_rule_is_told_on_the_log(emulator: InProcess, caplog: pytest.LogCaptureFixture) -> None:
    load(emulator, Rule("slow-day", Latency(1)), Rule("busy", Throttle(), When(numbers=(2,))))

    with caplog.at_level(logging.INFO, "emulator.calls"):
        ask(emulator)
        ask(emulator)

    assert "struck by slow-day\n" in caplog.text
    assert "refused: RequestLimitExceeded" in caplog.text
    assert "(the rule 'busy' struck)" in caplog.text


def test_a_rule_is_why_a_call_was_refused(emulator: InProcess) -> None:
    load(emulator, Rule("busy", Refuse("Made.Up", force=True)))
    ask(emulator)
    entry = emulator.agenda.namespace.state.requests.after(0)[-1]
    assert entry.error

    found = explain(emulator.app.emulation, VENDOR[entry.vendor], entry.call, entry.error)

    assert (found.check, found.sentence) == ("rule", "the rule 'busy' struck")
    assert found.source == "a rule with `force`"


def test_the_same_seed_and_rules_answer_the_same_bytes() -> None:
    def answers() -> list[bytes]:
        emulator = InProcess()
        load(
            emulator,
            Rule("slow", Latency(1, Spread.LOGNORMAL), When(probability=0.5)),
            Rule("broken", MalformedJson(), When(probability=0.3)),
            Rule("busy", Throttle(), When(every=3)),
        )
        return [ask(emulator, put("RoomId", n + 1)(SNAPSHOT)).body for n in range(15)]

    assert answers() == answers()


def test_a_large_call_is_explained_by_its_rule_too(emulator: InProcess) -> None:
    load(emulator, Rule("busy", Refuse("Made.Up", force=True)))
    ask(emulator, put("Whiteboard.InitParams", json.dumps({"x": "y" * 80_000}))(SNAPSHOT))

    entry = emulator.agenda.namespace.state.requests.after(0)[-1]

    assert entry.call.request.body == b""
    assert entry.error
    assert entry.error.rule == "busy"
    assert VENDOR[entry.vendor].error(entry.call.action, entry.error).code == "Made.Up"


def test_a_skewed_clock_refuses_what_is_fresh(emulator: InProcess) -> None:
    load(emulator, Rule("ahead", Skew(301)))

    refused = refusal(ask(emulator))

    assert refused
    assert refused.code == "AuthFailure.SignatureExpire"
    assert str(int(emulator.clock.now().timestamp()) + 301) in str(refused.message)
    assert emulator.app.emulation.journal.after(0)[-1].fault == "ahead"
    assert hits(emulator) == [1]


def test_a_skew_that_makes_no_difference_does_not_strike(emulator: InProcess) -> None:
    load(emulator, Rule("a-little", Skew(200)))

    assert refusal(ask(emulator)) is None
    assert hits(emulator) == [0]


def test_a_skewed_clock_accepts_who_is_skewed_alike(emulator: InProcess) -> None:
    load(emulator, Rule("ahead", Skew(3600)))
    ahead = emulator.clock.now().timestamp() + 3600
    signer = emulator.signer(
        now=emulator.clock.now().fromtimestamp(ahead, emulator.clock.now().tzinfo)
    )

    assert refusal(emulator.send(SNAPSHOT.sign(signer))) is None


def test_a_skew_may_be_of_one_action(emulator: InProcess) -> None:
    load(emulator, Rule("ahead", Skew(3600), When(action="SubmitSnapshotJob", product="ice")))

    assert refusal(ask(emulator)) is None
    refused = refusal(ask(emulator, JOB))
    assert refused
    assert refused.code == "InvalidTimeStamp.Expired"


@pytest.mark.parametrize("draft", [SNAPSHOT, JOB, ROOM], ids=["tencent", "alibaba", "volcengine"])
def test_only_calls_that_are_rightly_signed_use_up_a_skewed_clock(
    emulator: InProcess, draft: Draft
) -> None:
    load(emulator, Rule("once", Skew(3600), When(numbers=(1,))))
    codes = {"tencent": "SignatureExpire", "alibaba": "Expired", "volcengine": "InvalidTimestamp"}

    stranger = ask(emulator, signed_by(secret="wrong", nonce="a")(draft))
    struck = ask(emulator, signed_by(nonce="b")(draft))
    after = ask(emulator, signed_by(nonce="c")(draft))

    assert hits(emulator) == [1]
    assert refusal(after) is None
    of_struck, of_stranger = refusal(struck), refusal(stranger)
    assert of_struck
    assert of_stranger
    assert of_struck.code.endswith(tuple(codes.values()))
    assert "Signature" in of_stranger.code
    assert not of_stranger.code.endswith("Expire")


@pytest.mark.parametrize(
    ("draft", "resource"),
    [
        (SNAPSHOT, "qcs::tiw::uin/{account}:sdkappid/1400123480"),
        (SCREENSHOT, "qcs::live:ap-singapore:uin/{account}:domain/5000.live.push.com"),
        (Draft("CreateLiveSnapshotTemplate", "2018-08-01", "tencent_v3", TEMPLATE), "*"),
    ],
)
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_a_missing_permission_names_what_a_policy_would(
    emulator: InProcess, draft: Draft, resource: str, language: str
) -> None:
    load(emulator, Rule("denied", NotPermitted()))
    accounts = emulator.agenda.namespace.accounts.values()
    account = next(each.id for each in accounts if each.vendor == "tencent")

    refused = refusal(ask(emulator, header(x_tc_language=language)(draft)))

    assert refused
    service = "tiw" if draft is SNAPSHOT else "live"
    assert f"operation ({service}:{draft.action})" in str(refused.message)
    named = f"resource ({resource.format(account=account)}) has no permission"
    assert named in str(refused.message)


GATEWAY = {
    "tencent": """
ActionOffline AuthFailure.InvalidAuthorization AuthFailure.InvalidSecretId AuthFailure.MFAFailure
AuthFailure.SecretIdNotFound AuthFailure.SignatureExpire AuthFailure.SignatureFailure
AuthFailure.TokenFailure AuthFailure.UnauthorizedOperation DryRunOperation FailedOperation
InternalError InvalidAction InvalidParameter InvalidParameterValue InvalidRequest IpInBlacklist
IpNotInWhitelist LimitExceeded MissingParameter NoSuchProduct NoSuchVersion RequestLimitExceeded
RequestLimitExceeded.GlobalRegionUinLimitExceeded RequestLimitExceeded.IPLimitExceeded
RequestLimitExceeded.UinLimitExceeded RequestSizeLimitExceeded ResourceInUse ResourceInsufficient
ResourceNotFound ResourceUnavailable ResponseSizeLimitExceeded ServiceUnavailable
UnauthorizedOperation UnknownParameter UnsupportedOperation UnsupportedProtocol UnsupportedRegion
""",
    "alibaba": """
InvalidProduct.NotFound=404 InvalidAction.NotFound=404 InvalidApi.NotFound=404 InvalidVersion
InvalidProtocol.NeedSsl UnsupportedHTTPMethod InvalidRegion.NotFound InvalidParameter.Format
InvalidParameter.Accept InvalidTimeStamp.Format InvalidTimeStamp.Expired SignatureNonceUsed
ContentMD5NotMatched ContentLengthDoesNotMatch InvalidAccessKeyId.NotFound=404
InvalidAccessKeyId=404 InvalidAccessKeyId.Inactive Forbidden.AccessKeyDisabled=403
InvalidSecurityToken.Expired InvalidSecurityToken.Malformed
InvalidSecurityToken.MismatchWithAccessKey InvalidSignatureMethod SignatureDoesNotMatch
IncompleteSignature Throttling Throttling.User Throttling.Api Throttling.Api.Concurrency
NoPermission=403 Forbidden.RAM=403 Forbidden=403 InternalError=500 ServiceUnavailable=503
UnknownError=500 MissingParameter InvalidParameter IllegalTimestamp
""",
    "volcengine": """
MissingParameter=400/100002 MissingAuthenticationToken=401/100003 MissingRequestInfo=400/100004
MissingSignature=401/100005 InvalidTimestamp=400/100006 ServiceNotFound=404/100007
InvalidActionOrVersion=404/100008 InvalidAccessKey=401/100009 SignatureDoesNotMatch=401/100010
LackPolicy=403/100012 AccessDenied=403/100013 InternalError=500/100014 FailToConnect=502/100015
InternalServiceTimeout=504/100016 FlowLimitExceeded=429/100018 ServiceUnavailableTemp=503/100019
MethodNotAllowed=405/100020 LackProjectPolicy=401 InternalServiceError=502/100023
InvalidAuthorization=400/100024 InvalidCredential=400/100025 InvalidSecretToken=401/100026
AccountFlowLimitExceeded=429/100027 UndefinedError=500 InvalidClientTokenId=401
""",
}
USUAL = {"tencent": (200, SNAPSHOT), "alibaba": (400, JOB), "volcengine": (400, ROOM)}
TABLES = [(vendor, row) for vendor, table in GATEWAY.items() for row in table.split()]


@pytest.mark.parametrize(("vendor", "row"), TABLES, ids=[" ".join(table) for table in TABLES])
def test_each_code_of_the_gateways_tables_can_be_had_by_rule_without_force(
    emulator: InProcess, vendor: str, row: str
) -> None:
    code, _, rest = row.partition("=")
    status, _, number = rest.partition("/")
    usual, draft = USUAL[vendor]
    load(emulator, Rule("one", Refuse(code)))

    refused = refusal(ask(emulator, draft))

    assert refused
    assert (refused.code, refused.status) == (code, int(status or usual))
    assert refused.number == int(number or 0)
    assert refused.message


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_rule_file_may_name_each_code_of_the_gateway(vendor: Vendor) -> None:
    for code in vendor.catalog.gateway.errors:
        rule = {"fault": "refuse", "code": code, "vendor": vendor.name}

        (read,) = decode_rules(
            Table("rules", {"rules": [rule]}), {v.name: v.catalog for v in VENDORS}, ()
        )

        assert read.fault == Refuse(code)
