"""Tests of the emulator, room by room."""
