"""The batch that selects customers, claims them and pushes their calls through AMI."""
