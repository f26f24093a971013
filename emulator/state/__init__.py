"""A namespace's state as one value: its tables and logs, the turns that change it, its ledger."""
