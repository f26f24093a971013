"""The log of a server: its lines, and how they get out without anybody waiting for them."""
