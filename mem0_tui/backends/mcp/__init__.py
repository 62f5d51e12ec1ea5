"""Any MCP server with Mem0's memory tools."""
