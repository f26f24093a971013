"""Result files over HTTP: drawn while others are answered, and not drawn where they cannot be."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.server import Answer
from tests.web.bench import Bench, Space

LARGE = {
    "width": 10_000,
    "height": 10_000,
    "lines": ["ICE", "job 1"],
    "columns": 100,
    "rows": 100,
}


def put(bench: Bench, space: Space, **content: Any) -> str:
    """Put a picture into a namespace, and return where it is fetched."""
    document = bench.get(f"/namespaces/{space.name}/snapshot?secrets=true")
    picture = {"path": "bucket/picture.jpg", "format": "image/jpeg", "content": content}
    document["results"] = [{**picture, "made_at": "2030-01-01T00:00:00+00:00"}]
    answer = bench.ask("PUT", f"/namespaces/{space.name}/snapshot", document)
    assert answer.status == 200, answer.text
    return f"/namespaces/{space.name}/results/bucket/picture.jpg"


def test_others_are_answered_while_a_large_sprite_is_drawn(bench: Bench, space: Space) -> None:
    path = put(bench, space, **LARGE)
    answered = 0

    with ThreadPoolExecutor(1) as pool:
        fetching = pool.submit(bench.ask, "GET", path)
        while not fetching.done():
            assert space.snapshot().status == 200
            answered += 1

    file = fetching.result()
    assert (file.status, file.headers["content-type"]) == (200, "image/jpeg")
    assert answered > 10


def test_a_picture_that_is_too_large_to_draw_is_answered_so(bench: Bench, space: Space) -> None:
    path = put(bench, space, width=65_535, height=65_535, lines=["ICE"])

    answer: Answer = bench.ask("GET", path)

    assert (answer.status, answer.headers["content-type"]) == (501, "application/xml")
    assert "<Code>NotImplemented</Code>" in answer.text
    assert "65535x65535 pixels is not drawn" in answer.text
