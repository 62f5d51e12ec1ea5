"""What a memory is: frozen dataclasses, the query grammar, errors. Standard library only."""
