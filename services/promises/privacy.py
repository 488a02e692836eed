"""What personal data promises hold: none of their own. A promise is a clock about a subject."""

#: model.field → kind of data. Every field of the slice's models that is not listed holds no personal data.
PERSONAL: dict[str, str] = {
    "promises.Promise.subject_id": "points to a case; erased with it",
}
