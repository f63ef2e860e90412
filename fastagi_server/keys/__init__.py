"""What each key does, one module for each action."""
