"""What is signed cannot change unnoticed: not by one byte, under no scheme.

Each test begins with a request that our signer has signed and the emulator would accept. What a
change means is judged here, from the vendors' documentation, and never asked of the emulator.
"""
