"""The MCP endpoint: its tools and their arguments."""
