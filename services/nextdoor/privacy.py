"""The order of doors is the municipality's own and about nobody. What a student said of them: contact.NextDoor."""

from kernel.privacy import Kind

REGISTER = {
    "DoorOrder.id": Kind.TECHNICAL,
    "DoorOrder.school": Kind.TECHNICAL,
    "DoorOrder.roles": Kind.TECHNICAL,
    "DoorOrder.never": Kind.TECHNICAL,
}
