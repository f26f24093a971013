"""Result files: drawn quickly, and the same every time."""

import time
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from emulator.model.result import Format, Picture, Result
from emulator.web.results import draw

NOW = datetime(2026, 1, 2, tzinfo=UTC)
# The largest sizes of TIW, Live, ICE and RTC.
SIZES = [
    (Format.PNG, 2560, 2560),
    (Format.JPEG, 3000, 2000),
    (Format.JPEG, 4096, 4096),
    (Format.PNG, 1920, 1920),
]


def result(kind: Format, width: int, height: int) -> Result:
    return Result("bucket/file", kind, Picture(width, height, ("room 1", "user ann")), NOW)


@pytest.mark.parametrize(("kind", "width", "height"), SIZES)
def test_a_picture_is_of_its_size_and_format_and_has_the_same_bytes_each_time(
    kind: Format, width: int, height: int
) -> None:
    first, second = (draw(result(kind, width, height)) for _ in range(2))

    with Image.open(BytesIO(first)) as image:
        colors = image.convert("RGB").getcolors(maxcolors=2**24) or []
        assert (image.size, image.get_format_mimetype()) == ((width, height), str(kind))
    assert len(colors) > 1
    assert first == second


@pytest.mark.parametrize(("kind", "width", "height"), [s for s in SIZES if s[0] is Format.PNG])
def test_the_largest_png_takes_less_than_50_ms_of_the_processor(
    kind: Format, width: int, height: int
) -> None:
    draw(result(kind, 100, 100))
    spent = []
    for _ in range(5):
        before = time.thread_time()
        draw(result(kind, width, height))
        spent.append(time.thread_time() - before)

    assert min(spent) < 0.05
