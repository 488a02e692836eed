"""Who our municipalities are, how they come to us, and how each is set up."""
