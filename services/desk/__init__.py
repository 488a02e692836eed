"""The helpers' desk: what waits, in the order of the promise."""
