"""The pytest plugin: a server for the session, and for each test a namespace of its own."""

import os
import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from emulator.client import Clock, Namespace, Receiver, Server
    from emulator.client.aio import AsyncClock, AsyncNamespace, AsyncReceiver
    from emulator.client.receiver import ReceiverServer


class Bench(NamedTuple):
    """What one test has for itself."""

    server: "Server"
    namespace: "Namespace"
    receiver: "Receiver"


_BENCH = pytest.StashKey[Bench]()
_SESSION = uuid4().hex[:6]  # so that nobody else who uses the same server has our names


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("emulator", "mediacloud-emulator")
    group.addoption(
        "--emulator-url",
        default=os.environ.get("EMULATOR_URL", ""),
        metavar="URL",
        help="Use the server that runs there, instead of starting one; also EMULATOR_URL.",
    )
    group.addoption(
        "--emulator-token",
        default=os.environ.get("EMULATOR_ADMIN_TOKEN", ""),
        metavar="TOKEN",
        help="What that server asks of its administrators; also EMULATOR_ADMIN_TOKEN.",
    )
    group.addoption(
        "--emulator-receiver-host",
        default=os.environ.get("EMULATOR_RECEIVER_HOST", "127.0.0.1"),
        metavar="NAME",
        help="By which name that server finds this machine, to call back to; "
        "also EMULATOR_RECEIVER_HOST.",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "emulator(**declared): what the test's namespace is made with: the keys of a world file, "
        "`clock`, `now`, `world` with such a file or its content, or `scenario` with a name of "
        "the library, a scenario file or its content.",
    )


@pytest.fixture(scope="session")
def emulator_server(pytestconfig: pytest.Config) -> "Iterator[Server]":
    """The server of this session, or of this worker of pytest-xdist."""
    from emulator import launch

    url, token = (pytestconfig.getoption(f"--emulator-{name}") for name in ("url", "token"))
    with pytest.MonkeyPatch.context() as environment:
        if url:
            from emulator.client import Server

            with Server(url, token) as server:
                _without_proxy(environment, server.endpoint)
                server.health()
                yield server
        else:
            with launch.running() as server:
                _without_proxy(environment, server.endpoint)
                yield server


@pytest.fixture(scope="session")
def _emulator_receivers(pytestconfig: pytest.Config) -> "Iterator[ReceiverServer]":
    from emulator.client.receiver import ReceiverServer

    receivers = ReceiverServer(pytestconfig.getoption("--emulator-receiver-host"))
    yield receivers
    receivers.close()


@pytest.fixture
def emulator(
    request: pytest.FixtureRequest,
    emulator_server: "Server",
    _emulator_receivers: "ReceiverServer",
) -> "Iterator[Namespace]":
    """A namespace of this test's own, with a clock that it moves, and `emulator_receiver`."""
    from emulator.client import AdminProblem
    from emulator.client.worldfile import world_of

    name, folder = _name(request.node.name), request.node.path.parent
    with _emulator_receivers.receiver(name) as receiver:
        usual = {"clock": "manual", "callback_url": receiver.url}
        declared = _declared(request.node)
        with world_of(declared.pop("world", {}), folder) as world:
            namespace = emulator_server.create(name, **{**usual, **world, **declared})
        namespace.folder = folder
        request.node.stash[_BENCH] = Bench(emulator_server, namespace, receiver.of(namespace))
        yield namespace
        try:
            namespace.delete()
        except AdminProblem as problem:
            if problem.status != 404:  # the test deleted it itself
                raise


@pytest.fixture
def emulator_clock(emulator: "Namespace") -> "Clock":
    """The clock of this test's namespace; it stands until it is moved."""
    return emulator.clock


@pytest.fixture
def emulator_receiver(request: pytest.FixtureRequest, emulator: "Namespace") -> "Receiver":
    """Gets the callbacks of this test that nothing sends elsewhere."""
    bench: Bench = request.node.stash[_BENCH]
    return bench.receiver


@pytest.fixture
def emulator_async(emulator: "Namespace") -> "AsyncNamespace":
    """The namespace of an asynchronous test, whatever runs it."""
    from emulator.client.aio import AsyncNamespace

    return AsyncNamespace(emulator)


@pytest.fixture
def emulator_async_clock(emulator_async: "AsyncNamespace") -> "AsyncClock":
    """The clock of an asynchronous test; it stands until it is moved."""
    return emulator_async.clock


@pytest.fixture
def emulator_async_receiver(emulator_receiver: "Receiver") -> "AsyncReceiver":
    """Gets the callbacks of an asynchronous test that nothing sends elsewhere."""
    from emulator.client.aio import AsyncReceiver

    return AsyncReceiver(emulator_receiver)


@pytest.fixture
def tiw_client(emulator: "Namespace") -> Any:
    """Tencent's official client of TIW."""
    return _sdk("tiw", emulator)


@pytest.fixture
def live_client(emulator: "Namespace") -> Any:
    """Tencent's official client of Live."""
    return _sdk("live", emulator)


@pytest.fixture
def ice_client(emulator: "Namespace") -> Any:
    """Alibaba's official client of ICE."""
    return _sdk("ice", emulator)


@pytest.fixture
def rtc_client(emulator: "Namespace") -> Any:
    """Volcengine's official client of any action: `do_call(UniversalInfo(…), body)`."""
    return _sdk("rtc", emulator)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show, with a test that failed, what came to the emulator and what went out."""
    report = yield
    if report.failed and _BENCH in item.stash and call.when != "teardown":
        from emulator.client import failure

        bench = item.stash[_BENCH]
        report.sections += failure.sections(bench.server, bench.namespace)
    return report


def _sdk(product: str, namespace: "Namespace") -> Any:
    from emulator.client import sdk

    try:
        return sdk.CLIENTS[product](namespace)
    except ImportError as error:
        pytest.skip(f"{sdk.PACKAGES[product]} is not installed ({error})")


def _declared(node: pytest.Item) -> dict[str, Any]:
    """Return what the nearest mark says, and where its scenario is; refuse unknown names."""
    from emulator.client.worldfile import beside
    from emulator.model.scenario import is_name
    from emulator.spec.nearest import with_nearest
    from emulator.web.shapes.namespaces import NamespaceAsked

    mark = node.get_closest_marker("emulator")
    if mark is None:
        return {}
    if mark.args:
        raise pytest.UsageError("@pytest.mark.emulator takes keywords only, such as seed=7")
    declared = dict(mark.kwargs)
    known = ["world", *(name for name in NamespaceAsked.__struct_fields__ if name != "name")]
    for name in declared:
        if name not in known:
            listed = ", ".join(known)
            raise pytest.UsageError(
                f"@pytest.mark.emulator: the keyword must be one of {listed}, "
                f"not {with_nearest(name, known)}"
            )
    scenario = declared.get("scenario")
    if isinstance(scenario, os.PathLike) or (isinstance(scenario, str) and not is_name(scenario)):
        declared["scenario"] = beside(scenario, node.path.parent)
    return declared


def _name(test: str) -> str:
    """Return a name that a namespace may have, and that still says which test it is of."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return f"{re.sub(r'[^A-Za-z0-9_]+', '-', test)[:44].strip('-_') or 'test'}-{worker}{_SESSION}"


def _without_proxy(environment: pytest.MonkeyPatch, endpoint: str) -> None:
    from emulator.client.environment import past_proxies

    for name, hosts in past_proxies(endpoint).items():
        environment.setenv(name, hosts)
