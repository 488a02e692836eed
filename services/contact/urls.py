"""The student's addresses. A code, a name or an id is never part of one."""

from django.urls import path

from services.contact.views import around, conversation, first, knock, receipt

app_name = "contact"
urlpatterns = [
    path("", first.first, name="first"),
    path("who/", first.who, name="who"),
    path("privacy/", first.privacy, name="privacy"),
    path("accessibility/", first.accessibility, name="accessibility"),
    path("knock/", knock.knock, name="knock"),
    path("receipt/", receipt.receipt, name="receipt"),
    path("conversation/", conversation.conversation, name="conversation"),
    path("conversation/withdraw/", conversation.withdraw, name="withdraw"),
    path("exit/", around.leave, name="exit"),
    path("language/", around.language, name="language"),
]
