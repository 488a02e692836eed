"""The student's pages. Each reads, asks an operation, renders; none has a session."""
