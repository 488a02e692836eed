"""The front door: signing up, and the operator."""

from tests.access.answers import NO, Answers, Row, all_get, applicants, operators


def _front(path: str, name: str, get: Answers, post: Answers) -> Row:
    return Row(path, (f"onboarding:{name}",), get, post)


_CASE = "operator/applications/<uuid:application_id>/"

SIGN_UP = (
    _front("", "landing", all_get(200), NO),
    _front("schools/", "schools", all_get(200), NO),
    _front("privacy/", "privacy", all_get(200), NO),
    _front("accessibility/", "accessibility", all_get(200), NO),
    _front("start/", "start", all_get(200, applicant=302), all_get(422)),
    _front("start/code/", "code", all_get(302), all_get(302)),
    _front("start/continue/", "resume", all_get(200), all_get(422)),
    _front("start/outcome/", "outcome", all_get(302), all_get(302)),
    # The applicant here rehearses: the questions lie behind, and lead on.
    *(_front(f"start/{page}/", page, all_get(302), all_get(302))
      for page in ("name", "address", "school", "languages", "look", "check")),
    _front("start/theme.<slug:colour>.css", "theme", all_get(200), NO),
    _front("start/logo.png", "logo", applicants(200), NO),
    _front("start/founding/", "founding", all_get(302), NO),
    _front("start/gates/", "gates", applicants(200), NO),
    _front("start/gates/<slug:kind>/", "gate", applicants(200), applicants(200)),
    _front("start/papers/<slug:kind>/", "paper", applicants(200), NO),
    _front("start/submit/", "submit", NO, applicants(409)),
    _front("start/take-back/", "take_back", NO, all_get(302)),
    _front("start/answer/", "answer", all_get(302), all_get(302)),
    _front("start/withdraw/", "withdraw", applicants(200), all_get(302)),
    _front("start/leave/", "leave", NO, all_get(302)),
    _front("sign/<str:token>/", "sign", all_get(200), all_get(422)),
    _front("operator/", "operator", operators(200), NO),
    _front("operator/decided/", "operator_decided", operators(200), NO),
    _front("operator/municipalities/", "operator_municipalities", operators(200), NO),
    _front("operator/trouble/", "operator_trouble", operators(200), NO),
    _front("operator/trouble/<int:job_id>/retry/", "operator_retry", NO, operators(302)),
    _front(_CASE, "operator_application", operators(200), NO),
    _front(f"{_CASE}organisation/", "operator_organisation", NO, operators(302)),
    _front(f"{_CASE}approve/", "operator_approve", operators(200), operators(409)),
    _front(f"{_CASE}ask/", "operator_ask", {**operators(302), "operator_idle": 302}, operators(422)),
    _front(f"{_CASE}refuse/", "operator_refuse", {**operators(302), "operator_idle": 302}, operators(422)),
    _front(f"{_CASE}evict/", "operator_evict", operators(200), operators(422)),
)  # fmt: skip
