"""What the documents print is run, so that it stays true."""
