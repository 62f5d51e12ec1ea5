"""Conditions and orders as SQL."""
