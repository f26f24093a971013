"""Tests of the floor `model`."""
