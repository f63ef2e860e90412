"""The service on the PBX's host: plays the prompt on the answered leg, records how calls end."""
