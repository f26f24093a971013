"""The vendors' official clients, each through a real socket."""
