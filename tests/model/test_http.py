from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from emulator.model.http import (
    Headers,
    Request,
    encode,
    parse_fields,
    percent_encoded,
    readable,
)


def request(host: str) -> Request:
    return Request("GET", "/", "", Headers([(b"host", host.encode())]), b"")


def test_a_host_is_its_name_alone() -> None:
    hosts = {
        "127.0.0.1:4588": "127.0.0.1",
        "TIW.tencentcloudapi.com": "tiw.tencentcloudapi.com",
        "http://127.0.0.1:4588": "127.0.0.1",
        "": "",
    }

    assert {host: request(host).host for host in hosts} == hosts


def test_a_repeated_header_keeps_all_its_values() -> None:
    headers = Headers([(b"x-a", b"1"), (b"x-a", b"2")])

    assert headers.get("x-a", "") == "1"
    assert list(headers.all("x-a")) == ["1", "2"]
    assert "X-A" not in headers


def test_fields_keep_blanks_and_repetitions() -> None:
    assert parse_fields(b"a=1&b=&c&a=2&&d=x+y%20z") == (
        ("a", "1"),
        ("b", ""),
        ("c", ""),
        ("a", "2"),
        ("d", "x y z"),
    )


@given(st.binary(max_size=40))
def test_the_bytes_of_a_field_come_back_whatever_they_were(content: bytes) -> None:
    quoted = "".join(f"%{byte:02X}" for byte in content).encode()

    ((_, value),) = parse_fields(b"a=" + quoted)

    assert encode(value) == content
    assert readable(value) == content.decode("utf-8", "replace")


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_a_field_is_encoded_as_rfc_3986_has_it(text: str) -> None:
    try:
        sent = encode(text)
    except UnicodeEncodeError:  # a surrogate that stands for no byte cannot have been sent
        return

    assert percent_encoded(text) == quote(sent, safe="-._~")


def test_headers_that_are_repeated_keep_their_values_and_their_order() -> None:
    fields = [(b"b", b"1"), (b"a", b" x\xff "), (b"b", b"2"), (b"c", b""), (b"a", b"y")]
    headers = Headers(fields)

    read = Headers([(n.encode(), v.encode("latin-1")) for n, v in headers.each()])

    assert list(read) == list(headers) == ["b", "a", "c"]
    assert [read.all(name) for name in read] == [["1", "2"], ["x\xff", "y"], ("",)]
    assert read == headers
