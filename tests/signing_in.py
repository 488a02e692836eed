"""Somebody's browser as it is after signing in, without the pages of signing in."""

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.test import Client

from kernel.people import signing_in
from kernel.people.models import Account


def sign_in(client: Client, account: Account, *, second_factor: bool = True) -> SessionBase:
    """This client is that person's from now on, second factor shown unless said otherwise. Gives the session."""
    client.force_login(account)
    request = HttpRequest()
    request.session, request.user = client.session, account
    signing_in.start(request)
    if second_factor:
        signing_in.prove_second_factor(request, account, kind="test")
    request.session.save()
    return request.session
