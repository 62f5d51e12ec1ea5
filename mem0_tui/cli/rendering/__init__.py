"""What commands print: memories, plans, reports, questions."""
