"""The machine: it runs a vendor's checks and handlers, whichever vendor that is."""
