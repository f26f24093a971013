"""How scenarios are named: those of the library by a name, others by the path of a file."""

SUFFIX = ".toml"


def is_name(text: str) -> bool:
    """Return whether a text names a scenario of the library, and no file."""
    return not text.endswith(SUFFIX) and "/" not in text and "\\" not in text
