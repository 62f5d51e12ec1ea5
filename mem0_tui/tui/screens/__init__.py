"""Full screens; only these and the app call the curator."""
