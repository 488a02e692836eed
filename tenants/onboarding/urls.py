"""Addresses of the front door.

`/operator/…` is served inside the operator; the rest in public, without session or user.
"""

from django.urls import path

from tenants.onboarding.views import filling, front, gates, operator, signing, start

app_name = "onboarding"
urlpatterns = [
    path("", front.landing, name="landing"),
    path("schools/", front.schools, name="schools"),
    path("privacy/", front.privacy, name="privacy"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("start/", start.start, name="start"),
    path("start/code/", start.code, name="code"),
    path("start/continue/", start.resume, name="resume"),
    path("start/outcome/", start.outcome, name="outcome"),
    path("start/name/", filling.name, name="name"),
    path("start/address/", filling.address, name="address"),
    path("start/school/", filling.school, name="school"),
    path("start/languages/", filling.languages, name="languages"),
    path("start/look/", filling.look, name="look"),
    path("start/theme.<slug:colour>.css", filling.theme, name="theme"),
    path("start/logo.png", filling.logo, name="logo"),
    path("start/check/", filling.check, name="check"),
    path("start/founding/", filling.founding, name="founding"),
    path("start/gates/", gates.gates, name="gates"),
    path("start/gates/<slug:kind>/", gates.gate, name="gate"),
    path("start/papers/<slug:kind>/", gates.paper, name="paper"),
    path("start/submit/", gates.submit, name="submit"),
    path("start/take-back/", gates.take_back, name="take_back"),
    path("start/answer/", gates.answer, name="answer"),
    path("start/withdraw/", gates.withdraw, name="withdraw"),
    path("start/leave/", gates.leave, name="leave"),
    path("sign/<str:token>/", signing.sign, name="sign"),
    path("operator/", operator.applications, name="operator"),
    path("operator/decided/", operator.decided, name="operator_decided"),
    path("operator/municipalities/", operator.all_municipalities, name="operator_municipalities"),
    path("operator/trouble/", operator.trouble, name="operator_trouble"),
    path("operator/trouble/<int:job_id>/retry/", operator.retry, name="operator_retry"),
    path("operator/applications/<uuid:application_id>/", operator.application, name="operator_application"),
    path(
        "operator/applications/<uuid:application_id>/organisation/",
        operator.organisation,
        name="operator_organisation",
    ),
    path("operator/applications/<uuid:application_id>/approve/", operator.approve, name="operator_approve"),
    path("operator/applications/<uuid:application_id>/ask/", operator.ask, name="operator_ask"),
    path("operator/applications/<uuid:application_id>/refuse/", operator.refuse, name="operator_refuse"),
    path("operator/applications/<uuid:application_id>/evict/", operator.evict, name="operator_evict"),
]
