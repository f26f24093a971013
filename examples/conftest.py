"""What the tests of the applications share; all else is the plugin's."""

from collections.abc import Iterator

import pytest

from examples.serving import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server for the application under test, to which callbacks come as well."""
    with serving() as site:
        yield site
