"""Image files: of their size and format, the same every time, and put together without a seam."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from emulator.drawing.imagefile import draw, pieces
from emulator.drawing.size import MAX_PIXELS, MAX_SIDE, TooLargeError
from emulator.drawing.strips import Strips
from emulator.model.result import Format, Picture, jpeg_size

# The largest sizes of TIW, Live, ICE and RTC.
SIZES = [
    (Format.PNG, 2560, 2560),
    (Format.JPEG, 3000, 2000),
    (Format.JPEG, 4096, 4096),
    (Format.PNG, 1920, 1920),
]
SPRITE = Picture(
    660, 390, ("ICE", "job 1"), columns=3, rows=2, padding=5, margin=10, color="#ff0000"
)


def picture(width: int, height: int, *lines: str) -> Picture:
    return Picture(width, height, lines or ("room 1", "user ann"))


def opened(file: bytes) -> ImageFile.ImageFile:
    image = Image.open(BytesIO(file))
    image.load()
    return image


@pytest.mark.parametrize(("kind", "width", "height"), SIZES)
def test_a_picture_is_of_its_size_and_format_and_has_the_same_bytes_each_time(
    kind: Format, width: int, height: int
) -> None:
    first, second = (draw(picture(width, height), kind) for _ in range(2))

    image = opened(first)
    colors = image.convert("RGB").getcolors(maxcolors=2**24) or []
    assert (image.size, image.get_format_mimetype()) == ((width, height), str(kind))
    assert len(colors) > 1
    assert first == second


def whole(picture: Picture, mode: str) -> Image.Image:
    """Return the picture in one piece, of the strips as they were drawn."""
    strips = Strips(picture, mode)
    image = Image.new(mode, (picture.width, picture.height))
    for number, strip in enumerate(strips):
        image.paste(strip, (0, number * strips.height))
    if mode == "P":
        image.putpalette([part for color in strips.palette for part in color])
    return image


pictures = st.builds(
    Picture,
    width=st.integers(1, 500),
    height=st.integers(1, 2000),
    lines=st.lists(st.text(max_size=30), max_size=4).map(tuple),
    columns=st.integers(1, 12),
    rows=st.integers(1, 12),
    padding=st.integers(0, 9),
    margin=st.integers(0, 40),
    color=st.sampled_from(["", "#123456"]),
    tiles=st.integers(0, 20),
)


@settings(max_examples=40)
@given(pictures)
def test_a_jpeg_of_strips_shows_what_one_of_the_whole_picture_shows(picture: Picture) -> None:
    file = BytesIO()
    whole(picture, "RGB").save(file, "JPEG")

    joined = opened(draw(picture, Format.JPEG))

    assert joined.tobytes() == opened(file.getvalue()).tobytes()


@settings(max_examples=40)
@given(pictures)
def test_a_png_of_strips_shows_every_pixel(picture: Picture) -> None:
    joined = opened(draw(picture, Format.PNG))

    assert joined.convert("RGB").tobytes() == whole(picture, "P").convert("RGB").tobytes()


def strips_of(picture: Picture) -> Iterator[int]:
    return (strip.width * strip.height for strip in Strips(picture, "RGB"))


@pytest.mark.parametrize(("width", "height"), [(9999, 9999), (MAX_SIDE, 1525), (1000, MAX_SIDE)])
def test_only_a_strip_of_a_large_picture_is_drawn_at_a_time(width: int, height: int) -> None:
    largest = max(strips_of(picture(width, height)))

    assert largest <= 2**20


def test_a_sprite_has_its_border_its_tiles_and_its_numbers() -> None:
    image = whole(SPRITE, "RGB")
    cells = [SPRITE.cell(index) for index in range(6)]
    tiles = [
        image.crop((left, top, left + width, top + height)) for left, top, width, height in cells
    ]

    assert image.getpixel((0, 0)) == (255, 0, 0)
    assert len({tile.tobytes() for tile in tiles}) == 6


def test_the_places_that_a_last_sprite_does_not_fill_are_of_its_colour() -> None:
    image = whole(replace(SPRITE, tiles=4), "RGB")
    left, top, width, height = SPRITE.cell(5)

    colors = image.crop((left, top, left + width, top + height)).getcolors()

    assert colors == [(width * height, (255, 0, 0))]


@pytest.mark.parametrize("kind", [Format.PNG, Format.JPEG])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (picture(640, 360, "room", "user", "王小明"), picture(640, 360, "room", "user", "李大卫")),
        (picture(4, 4, "room", "user", "1"), picture(4, 4, "room", "user", "2")),
        (picture(640, 360, "room", "x" * 5000), picture(640, 360, "room", "x" * 4999 + "y")),
    ],
    ids=["names without ASCII", "too small for letters", "longer than the picture"],
)
def test_two_descriptions_are_two_files(kind: Format, one: Picture, other: Picture) -> None:
    files = {hashlib.sha256(draw(each, kind)).digest() for each in (one, other)}

    assert len(files) == 2


@pytest.mark.parametrize("kind", [Format.PNG, Format.JPEG])
@pytest.mark.parametrize(
    ("width", "height"),
    [(0, 10), (10, 0), (-1, 10), (MAX_SIDE + 1, 1), (MAX_PIXELS // 10_000 + 1, 10_000)],
)
def test_a_picture_of_an_impossible_size_is_not_begun(
    kind: Format, width: int, height: int
) -> None:
    with pytest.raises(TooLargeError, match=f"a picture of {width}x{height} pixels is not drawn"):
        pieces(picture(width, height), kind)


def test_a_sprite_without_room_for_its_tiles_is_its_border() -> None:
    crowded = Picture(10, 10, ("room",), columns=100, rows=100, padding=1, margin=3)

    image = opened(draw(crowded, Format.PNG))

    assert image.size == (10, 10)


sized = st.builds(
    lambda width, height, lines: Picture(width, height, lines, file_size=jpeg_size(width, height)),
    width=st.integers(1, 3000),
    height=st.integers(1, 300),
    lines=st.lists(st.text(max_size=400), max_size=4).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(sized)
def test_a_file_whose_size_was_told_has_that_size(picture: Picture) -> None:
    file = draw(picture, Format.JPEG)

    assert len(file) == picture.file_size
    assert opened(file).size == (picture.width, picture.height)
    assert file == draw(picture, Format.JPEG)


@pytest.mark.parametrize("width", [1, 160, 2000, 3000])
@pytest.mark.parametrize("height", [1, 32, 80, 2000])
def test_texts_that_need_too_much_room_do_not_make_a_file_larger(width: int, height: int) -> None:
    lines = tuple(f"{number}@#%&" * 100 for number in range(4))
    told = Picture(width, height, lines, file_size=jpeg_size(width, height))

    file = draw(told, Format.JPEG)

    assert (len(file), opened(file).size) == (told.file_size, (width, height))


def test_a_size_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(TooLargeError, match="is so small"):
        draw(replace(picture(100, 100), file_size=100), Format.JPEG)


def test_the_printed_size_of_a_picture_is_that_of_the_page() -> None:
    assert jpeg_size(1280, 720) == 30_670
