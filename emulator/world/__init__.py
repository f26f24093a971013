"""Everything that is not a pure function: clocks, chance, what exists, what is kept."""
