"""What is held of a student who chose an eID: a keyed hash that finds their conversations again, and when. No number of
theirs, no token, no claim but the name, which is the request's own. It goes with the request.
"""

from kernel.privacy import Kind

REGISTER = {
    "Binding.id": Kind.TECHNICAL,
    "Binding.request": Kind.STUDENT,
    "Binding.provider": Kind.STUDENT,
    "Binding.who": Kind.SECRET,
    "Binding.confirms_name": Kind.STUDENT,
    "Binding.bound_at": Kind.STUDENT,
    "Trip.id": Kind.TECHNICAL,
    "Trip.sealed": Kind.SECRET,
    "Trip.until": Kind.TECHNICAL,
}
