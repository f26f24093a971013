"""`python -m emulator` is the command `emulator`."""

from emulator.cli import main

main()
