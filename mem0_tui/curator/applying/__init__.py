"""Carries out plans: journalled, read back, recovered after a crash."""
