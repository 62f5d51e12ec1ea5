"""What every remote backend does alike: pages, orders, polling, deleting many, reading back."""
