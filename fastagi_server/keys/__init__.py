"""What a key does: one module each, named as in the campaign file's `keys`."""
