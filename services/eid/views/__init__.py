"""Pages of a student who chooses an eID: out, back, what is theirs. No session; all of it works without scripts."""
