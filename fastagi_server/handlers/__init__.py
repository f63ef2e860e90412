"""One module per moment of the call, named as in the AGI URL and in the dialplan."""
