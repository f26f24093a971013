"""Tests that speak HTTP only, and know of the emulator nothing but its specs."""
