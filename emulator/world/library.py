"""The library: the scenarios that come with the emulator, by name."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from emulator.model.scenario import SUFFIX, is_name
from emulator.spec.document import DocumentError
from emulator.spec.nearest import nearest, quoted
from emulator.world.scenariofile import Scenario, read_scenario
from emulator.world.worldfile import Vocabulary

_PACKAGE = Path(__file__).parents[1]
# In an installed package they are inside, in a checkout beside it.
FOLDERS = (_PACKAGE / "scenarios", _PACKAGE.parent / "scenarios")


@cache
def files() -> Mapping[str, Path]:
    """Return the file of each scenario, by its name."""
    folder = next((each for each in FOLDERS if each.is_dir()), FOLDERS[0])
    return {path.stem: path for path in sorted(folder.glob(f"*{SUFFIX}"))}


def find(name: str) -> Path:
    """Return the file of a scenario; raises DocumentError with the nearest name."""
    if path := files().get(name):
        return path
    near = nearest(name, files())
    hint = f"did you mean {near!r}?" if near else "`emulator scenario list` shows all."
    form = f"The path of a file ends with {SUFFIX}"
    raise DocumentError(f"there is no scenario {quoted(name)}; {hint} {form}")


def read(named: str, words: Vocabulary, taken: Collection[str] = ()) -> Scenario:
    """Read a scenario of the library, or the file at a path; raises DocumentError.

    Names in `taken` are those of other rules.
    """
    if is_name(named):
        return read_scenario(find(named), words, taken, f"{named}{SUFFIX}")
    return read_scenario(Path(named), words, taken)
