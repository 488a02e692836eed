"""Which tables are made where, and by whom: only the `owner` connection ever migrates."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django_tenants.routers import TenantSyncRouter

OWNER = "owner"


class MunicipalityRouter(TenantSyncRouter):  # type: ignore[misc]
    """django-tenants' router, refusing everything but `owner`, and every app not in exactly one list."""

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if db != OWNER:
            return False
        answer: bool | None = super().allow_migrate(db, app_label, model_name=model_name, **hints)
        return answer


def is_tenant_app(app_label: str) -> bool:
    """Whether the app's tables live in every municipality's schema."""
    name = apps.get_app_config(app_label).name
    return name in settings.TENANT_APPS
