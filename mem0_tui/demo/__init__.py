"""A believable memory set, made up from a seed, for the demo, the tests and the screenshots."""
