"""Every scenario of the library, lived through by a client that copes and by one that does not."""
