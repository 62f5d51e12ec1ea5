"""What a person is doing with the memories, without a terminal."""
