"""The directory of municipalities: no person is in it."""

from kernel.privacy import Kind

REGISTER = {
    "Municipality.id": Kind.TECHNICAL,
    "Municipality.schema_name": Kind.TECHNICAL,
    "Municipality.slug": Kind.SETTING,
    "Municipality.name": Kind.SETTING,
    "Municipality.country": Kind.SETTING,
    "Municipality.code": Kind.SETTING,
    "Municipality.kind": Kind.SETTING,
    "Municipality.timezone": Kind.SETTING,
    "Municipality.state": Kind.SETTING,
    "Municipality.is_demo": Kind.SETTING,
    "Municipality.founded_at": Kind.SETTING,
    "Municipality.opened_at": Kind.SETTING,
    "Municipality.ended_at": Kind.SETTING,
    "Domain.id": Kind.TECHNICAL,
    "Domain.domain": Kind.SETTING,
    "Domain.tenant": Kind.TECHNICAL,
    "Domain.is_primary": Kind.TECHNICAL,
    "Domain.ended_at": Kind.TECHNICAL,
    "DirectoryVersion.id": Kind.TECHNICAL,
    "DirectoryVersion.version": Kind.TECHNICAL,
    "SchemaState.id": Kind.TECHNICAL,
    "SchemaState.municipality": Kind.TECHNICAL,
    "SchemaState.applied": Kind.TECHNICAL,
    "SchemaState.rights": Kind.TECHNICAL,
    "SchemaState.error": Kind.TECHNICAL,
    "SchemaState.looked_at": Kind.TECHNICAL,
}
