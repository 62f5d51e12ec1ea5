"""JSON, TOML and text files with the places of what is in them."""
