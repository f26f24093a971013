"""Nonces: remembered as long as they matter, and not more of them than there is room for."""

from emulator.state.nonces import MOST_OF_A_KEY, NonceUse, UsedNonces
from emulator.state.part import Turns
from tests.state.turning import turning


class Used(UsedNonces):
    """Nonces of which each that is used up is a turn of its own."""

    def __init__(self, most: int = MOST_OF_A_KEY) -> None:
        self.turns = Turns()
        super().__init__(self.turns, "nonces", most)

    def use(self, use: NonceUse) -> bool:
        with turning(self.turns):
            return super().use(use)


def use(nonce: str, now: float, key: str = "key") -> NonceUse:
    return NonceUse("vendor", key, nonce, now, 10)


def test_a_nonce_is_new_once_until_it_is_forgotten() -> None:
    nonces = Used()

    used = [
        nonces.use(use(nonce, now))
        for nonce, now in (("a", 0), ("a", 10), ("b", 10), ("a", 10.5), ("b", 20))
    ]

    assert used == [True, False, True, True, False]


def test_whether_a_nonce_is_used_is_told_without_using_it_up() -> None:
    nonces = Used()

    before = nonces.is_used(use("a", 0))
    nonces.use(use("a", 0))
    after = [nonces.is_used(use("a", now)) for now in (0, 10, 11)]

    assert (before, after) == (False, [True, True, False])


def test_of_a_key_only_so_many_nonces_are_kept() -> None:
    nonces = Used(most=5)

    for number in range(100):
        nonces.use(use(str(number), 0))

    kept = [number for number in range(100) if nonces.is_used(use(str(number), 0))]
    assert kept == [95, 96, 97, 98, 99]


def test_no_key_makes_those_of_another_one_forgotten() -> None:
    nonces = Used(most=5)
    nonces.use(use("a", 0))

    for number in range(100):
        nonces.use(use(str(number), 0, key="other"))

    assert nonces.is_used(use("a", 0))


def test_a_nonce_of_any_length_is_kept_in_little_room() -> None:
    nonces = Used()
    long = "n" * 1_000_000

    used = [nonces.use(use(nonce, 0)) for nonce in (long, f"{long}!", long)]

    assert used == [True, True, False]
    assert all(len(each.nonce) < 100 for each in nonces.items())


def test_nonces_go_on_from_what_was_kept_of_them() -> None:
    nonces, others = Used(most=3), Used(most=3)
    for number in range(5):
        nonces.use(use(str(number), number))
        nonces.use(use(str(number), number, key="other"))

    others.apply(nonces.items())
    for each in (nonces, others):
        each.use(use("new", 13))

    assert others.items() == nonces.items()
    assert [each.nonce for each in others.items()] == ["3", "4", "new", "2", "3", "4"]
