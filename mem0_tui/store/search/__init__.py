"""Search by meaning and by words, and the indexes behind it."""
