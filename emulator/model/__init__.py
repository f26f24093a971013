"""The values that travel between the floors."""
