"""What both programs share: the campaign file, who may be called and when, outcomes, the store."""
