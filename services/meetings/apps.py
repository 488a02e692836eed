from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "services.meetings"
    label = "meetings"

    def ready(self) -> None:
        from services.contact import agreed, live, panels, reached, turning_points
        from services.contact import following as cases
        from services.meetings import following, panel, permissions  # noqa: F401
        from services.meetings.followers import MEETINGS
        from services.meetings.models import SUBJECT
        from services.meetings.queries import agreed_with, met_since, news_of
        from services.promises import subjects

        subjects.register(
            SUBJECT,
            following.on_broken,
            following.lock,
            following.describe,
            following.hidden_from,
            following.remind,
        )
        turning_points.register(
            ended=following.ended,
            undone=following.undone,
            moves=following.moves,
            passed_on=following.passed_on,
            handed_over=following.handed_over,
        )
        reached.register(met_since)
        agreed.register(agreed_with)
        cases.register(MEETINGS)
        panels.register(panel.PANEL)
        live.register("meetings", news_of)
