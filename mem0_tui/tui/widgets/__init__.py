"""What the screens are made of; they post messages up and never call the curator."""
