"""Covers of videos: of a few pictures that ICE takes, the one on which there is most to see."""
