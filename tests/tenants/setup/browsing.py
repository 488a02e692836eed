"""How these tests press: a page of set-up by its name."""

from django.urls import reverse


def get(browser, name, /, *args, status=200):
    answer = browser.get(reverse(f"setup:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def post(browser, name, /, *args, follow=True, **typed):
    return browser.post(reverse(f"setup:{name}", args=args), typed, follow=follow)
