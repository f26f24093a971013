"""Tests of the impersonations."""
