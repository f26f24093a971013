"""Our specs beside the machine-readable models in the vendors' official SDK packages."""
