"""How much is generated: little in every run of the tests, everything on demand."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract_tests.transport import Form


@dataclass(frozen=True)
class Profile:
    """`most` cases of each kind at each path; examples of each property; every form or one.

    `runs` of each state machine, of at most `steps` each.
    """

    most: int
    examples: int
    runs: int
    steps: int
    is_in_every_form: bool

    def chosen(self, forms: Sequence[Form], number: int) -> Sequence[Form]:
        """Return every form, or another one for each number."""
        if self.is_in_every_form or not forms:
            return forms
        return (forms[number % len(forms)],)


QUICK = Profile(most=1, examples=20, runs=3, steps=15, is_in_every_form=False)
FULL = Profile(most=24, examples=400, runs=60, steps=40, is_in_every_form=True)
