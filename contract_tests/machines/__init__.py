"""Families of actions in any order, beside a small model of what they ought to come to."""
