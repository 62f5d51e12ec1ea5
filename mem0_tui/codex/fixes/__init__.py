"""Repairs: `apply` carries one out, `backup` takes it back; the edits keep comments and order."""
