"""HTTP in: the vendors' gateway, the administration, the listening socket."""
