"""What is asked: a base and overrides become checked settings, then a plan."""
