"""Tests of what is known of each action, and what was tried."""
