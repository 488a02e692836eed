from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "tenants.onboarding"
    label = "onboarding"

    def ready(self) -> None:
        from tenants.onboarding import jobs, permissions

        assert permissions.RULES  # importing registers rules, tasks and listeners
        assert jobs.__name__
