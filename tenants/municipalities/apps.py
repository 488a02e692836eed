from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "tenants.municipalities"
    label = "municipalities"

    def ready(self) -> None:
        from kernel.tenancy import register_directory
        from tenants.municipalities import permissions, queries

        assert permissions.RULES  # importing it registers the table
        register_directory(load=queries.load_directory, version=queries.directory_version)
