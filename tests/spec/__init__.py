"""Tests of the floor `spec`."""
