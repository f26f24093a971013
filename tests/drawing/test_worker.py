"""The worker: what it draws in which order, for whom, and what it keeps."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress

import pytest

from emulator.drawing.size import TooLargeError
from emulator.drawing.worker import Worker
from emulator.model.result import Format, Picture


class Hand:
    """Stands in for what draws: writes down what it drew, and waits at each picture for a nod."""

    def __init__(self, is_free: bool = True) -> None:
        self.drawn: list[str] = []
        self.begun = threading.Semaphore(0)
        self.nods = threading.Semaphore(1_000_000 if is_free else 0)
        self.strips = 0
        self.threads: set[str] = set()

    def __call__(self, picture: Picture, kind: Format) -> Iterator[bytes]:
        self.drawn.append(picture.lines[0])
        self.threads.add(threading.current_thread().name)
        self.begun.release()
        self.nods.acquire()
        for _ in range(3):
            self.strips += 1
            yield picture.lines[0].encode()


def named(name: str) -> Picture:
    return Picture(10, 10, (name,))


def run(scene: Callable[[Worker, Hand], Coroutine[None, None, None]], hand: Hand) -> Hand:
    async def whole() -> None:
        worker = Worker(hand, max_kept_bytes=10)
        try:
            await scene(worker, hand)
        finally:
            worker.stop()

    asyncio.run(whole())
    return hand


async def begun(hand: Hand) -> None:
    """Wait until the thread has begun one more picture."""
    await asyncio.get_running_loop().run_in_executor(None, hand.begun.acquire)


def asked(worker: Worker, namespace: str, name: str) -> "asyncio.Task[bytes]":
    return asyncio.create_task(worker.draw(namespace, named(name), Format.PNG))


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_namespaces_take_turns_however_many_pictures_one_of_them_wants() -> None:
    async def scene(worker: Worker, hand: Hand) -> None:
        many = [asked(worker, "greedy", f"g{number}") for number in range(5)]
        await begun(hand)
        few = [asked(worker, "modest", "m0"), asked(worker, "modest", "m1")]
        await settled()
        hand.nods.release(100)
        await asyncio.gather(*many, *few)

    hand = run(scene, Hand(is_free=False))

    assert hand.drawn == ["g0", "g1", "m0", "g2", "m1", "g3", "g4"]


def test_the_event_loop_goes_on_while_a_picture_is_drawn() -> None:
    turns = 0

    async def scene(worker: Worker, hand: Hand) -> None:
        nonlocal turns
        drawing = asked(worker, "mine", "slow")
        await begun(hand)
        for _ in range(100):
            turns += 1
            await asyncio.sleep(0)
        assert not drawing.done()
        hand.nods.release()
        await drawing

    hand = run(scene, Hand(is_free=False))

    assert turns == 100
    assert all(name.startswith("drawing") for name in hand.threads)


def test_a_picture_that_several_want_at_once_is_drawn_once() -> None:
    files: list[bytes] = []

    async def scene(worker: Worker, hand: Hand) -> None:
        first = asked(worker, "mine", "a")
        await begun(hand)
        others = [asked(worker, "mine", "a") for _ in range(3)]
        await settled()
        hand.nods.release()
        files.extend(await asyncio.gather(first, *others))

    hand = run(scene, Hand(is_free=False))

    assert (hand.drawn, files) == (["a"], [b"aaa"] * 4)


def test_what_was_asked_for_last_is_kept_and_no_more_than_so_many_bytes() -> None:
    async def scene(worker: Worker, hand: Hand) -> None:
        for name in "abcab":  # three bytes each, of ten
            await worker.draw("mine", named(name), Format.PNG)
        await worker.draw("mine", named("d"), Format.PNG)  # in the place of c
        for name in "abdc":
            await worker.draw("yours", named(name), Format.PNG)

    assert run(scene, Hand()).drawn == ["a", "b", "c", "d", "c"]


def test_a_file_larger_than_all_that_is_kept_is_drawn_each_time() -> None:
    async def scene(worker: Worker, hand: Hand) -> None:
        for _ in range(2):
            await worker.draw("mine", named("long name"), Format.PNG)

    assert run(scene, Hand()).drawn == ["long name"] * 2


def test_a_picture_that_nobody_waits_for_any_more_is_not_drawn_to_its_end() -> None:
    async def scene(worker: Worker, hand: Hand) -> None:
        drawing, waiting = asked(worker, "mine", "a"), asked(worker, "mine", "b")
        await begun(hand)
        for left in (drawing, waiting):
            left.cancel()
        await settled()
        hand.nods.release(100)
        await worker.draw("mine", named("c"), Format.PNG)

    hand = run(scene, Hand(is_free=False))

    assert hand.drawn == ["a", "c"]
    assert hand.strips == 1 + 3


def test_who_leaves_takes_nothing_from_those_who_stay() -> None:
    files: list[bytes] = []

    async def scene(worker: Worker, hand: Hand) -> None:
        leaving, staying = asked(worker, "mine", "a"), asked(worker, "mine", "a")
        await begun(hand)
        leaving.cancel()
        await settled()
        hand.nods.release()
        files.append(await staying)

    run(scene, Hand(is_free=False))

    assert files == [b"aaa"]


def test_a_picture_that_everybody_left_can_be_asked_for_again_at_once() -> None:
    files: list[bytes] = []

    async def scene(worker: Worker, hand: Hand) -> None:
        leaving = asked(worker, "mine", "a")
        await begun(hand)
        leaving.cancel()
        await settled()
        again = asked(worker, "mine", "a")
        await settled()
        hand.nods.release(100)
        files.append(await again)

    run(scene, Hand(is_free=False))

    assert files == [b"aaa"]


def test_a_picture_that_cannot_be_drawn_fails_for_who_asked_and_no_other() -> None:
    def failing(picture: Picture, kind: Format) -> Iterator[bytes]:
        if picture.lines[0] == "bad":
            raise ZeroDivisionError
        yield b"good"

    async def scene() -> bytes:
        worker = Worker(failing)
        with pytest.raises(ZeroDivisionError):
            await worker.draw("mine", named("bad"), Format.PNG)
        file = await worker.draw("mine", named("good"), Format.PNG)
        worker.stop()
        return file

    assert asyncio.run(scene()) == b"good"


def test_a_picture_that_is_too_large_is_refused_without_a_turn() -> None:
    async def scene(worker: Worker, hand: Hand) -> None:
        with pytest.raises(TooLargeError):
            await worker.draw("mine", Picture(100_000, 1, ("a",)), Format.PNG)

    assert run(scene, Hand()).drawn == []


def test_there_is_no_thread_before_the_first_picture_nor_after_the_end() -> None:
    def threads() -> list[str]:
        return [t.name for t in threading.enumerate() if t.name.startswith("drawing")]

    async def scene() -> list[int]:
        worker, counts = Worker(Hand()), [len(threads())]
        await worker.draw("mine", named("a"), Format.PNG)
        counts.append(len(threads()))
        worker.stop()
        return [*counts, len(threads())]

    before = len(threads())

    assert [count - before for count in asyncio.run(scene())] == [0, 1, 0]


def test_the_end_of_the_server_ends_what_is_drawn_and_what_waits() -> None:
    async def scene(worker: Worker, hand: Hand) -> None:
        waiting = [asked(worker, "mine", name) for name in "ab"]
        await begun(hand)
        hand.nods.release()
        worker.stop()
        for each in waiting:
            with suppress(asyncio.CancelledError):
                await each

    hand = run(scene, Hand(is_free=False))

    assert hand.drawn == ["a"]
    assert hand.strips == 1
