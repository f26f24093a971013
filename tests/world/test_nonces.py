"""Nonces: remembered as long as they matter, and not more of them than there is room for."""

from emulator.world.nonces import Nonces


def test_a_nonce_is_new_once_until_it_is_forgotten() -> None:
    nonces = Nonces()

    used = [
        nonces.use("vendor", "key", nonce, now, 10)
        for nonce, now in (("a", 0), ("a", 10), ("b", 10), ("a", 10.5), ("b", 20))
    ]

    assert used == [True, False, True, True, False]


def test_whether_a_nonce_is_used_is_told_without_using_it_up() -> None:
    nonces = Nonces()

    before = nonces.is_used("vendor", "key", "a", 0, 10)
    nonces.use("vendor", "key", "a", 0, 10)
    after = [nonces.is_used("vendor", "key", "a", now, 10) for now in (0, 10, 11)]

    assert (before, after) == (False, [True, True, False])


def test_of_a_key_only_so_many_nonces_are_kept() -> None:
    nonces = Nonces(most=5)

    for number in range(100):
        nonces.use("vendor", "key", str(number), 0, 10)

    kept = [number for number in range(100) if nonces.is_used("vendor", "key", str(number), 0, 10)]
    assert kept == [95, 96, 97, 98, 99]


def test_a_nonce_of_any_length_is_kept_in_little_room() -> None:
    nonces = Nonces()
    long = "n" * 1_000_000

    used = [nonces.use("vendor", "key", nonce, 0, 10) for nonce in (long, f"{long}!", long)]

    assert used == [True, True, False]
    assert all(len(kept) < 100 for each in nonces._used.values() for kept in each)
