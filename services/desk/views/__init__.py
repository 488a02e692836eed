"""The pages of the desk: the shelves, one request, what can be done to it."""
