"""Tests of the floor `world`."""
