"""Files of memories, as this program and others write them: one module per format."""
