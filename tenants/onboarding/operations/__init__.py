"""The verbs of sign-up, the only code that writes. Each works inside the operator: its role may write sign-
up's tables, and audit and messages go to its schema in the same transaction.
"""

from tenants.onboarding.operations.applying import start, withdraw
from tenants.onboarding.operations.codes import (
    CodeIsOver,
    deliver_code,
    forget_strangers,
    resume,
    send_code,
    verify,
)
from tenants.onboarding.operations.deciding import approve, ask, evict, expire_old, match_organisation, refuse
from tenants.onboarding.operations.describing import (
    choose_address,
    choose_languages,
    choose_look,
    name_pilot_school,
    name_yourself,
)
from tenants.onboarding.operations.founding import dissolve_rehearsal, found, missing, request_founding
from tenants.onboarding.operations.gates import (
    answer,
    decide_archive,
    invite_deputy,
    invite_signatory,
    pass_dpia,
    sign,
    submit,
    take_back,
)
from tenants.onboarding.operations.publishing import publish_all, publish_schools

__all__ = [
    "CodeIsOver",
    "answer",
    "approve",
    "ask",
    "choose_address",
    "choose_languages",
    "choose_look",
    "decide_archive",
    "deliver_code",
    "dissolve_rehearsal",
    "evict",
    "expire_old",
    "forget_strangers",
    "found",
    "invite_deputy",
    "invite_signatory",
    "match_organisation",
    "missing",
    "name_pilot_school",
    "name_yourself",
    "pass_dpia",
    "publish_all",
    "publish_schools",
    "refuse",
    "request_founding",
    "resume",
    "send_code",
    "sign",
    "start",
    "submit",
    "take_back",
    "verify",
    "withdraw",
]
