"""Which memories each installed source of Mem0 reaches in a repository, and which it does not."""
