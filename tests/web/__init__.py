"""Tests of the floor `web`."""
