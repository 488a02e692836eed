"""Three doors: the administrator's, the log reviewer's, the student's."""
