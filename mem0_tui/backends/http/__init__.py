"""One HTTP client for the remote backends: addresses, requests, what their errors mean, the log."""
