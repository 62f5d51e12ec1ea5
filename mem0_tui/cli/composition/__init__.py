"""The one place that puts the parts together."""
