"""The queues of what deserves a look: what is left in each, verdicts, proposals to stage."""
