"""The whole story, walked: sign-up, rehearsal, gates, approval, and the first student who is answered in time."""

import os
import re
import time
from typing import Any

import pytest

from kernel.ui import assets
from services.contact.operations import TAKE_BACK_WITHIN
from tests.journeys.stage import Stage, words_of
from tests.journeys.visitor import DESKTOP, PHONE, PLAIN_DESKTOP, PLAIN_PHONE, Device, Visitor
from tests.window import CHROMIUM

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]

SECRET = "Jeg får ikke sove om natten."
ANSWER = "Fint at du skrev. Kom til meg i morgen klokka ti."


class Story:
    """The people of one municipality's beginning, each on a device of their own."""

    def __init__(
        self, browser: Any, stage: Stage, slug: str, number: str, office: Device, school: Device
    ) -> None:
        self.browser, self.stage, self.slug, self.number = browser, stage, slug, number
        self.office, self.school = office, school
        self.kari = f"kari@{slug}.kommune.no"
        self.everybody: list[Visitor] = []
        self.applicant = self.somebody(office)

    def somebody(self, device: Device, slug: str = "") -> Visitor:
        visitor = Visitor(self.browser, self.stage, device, slug)
        self.everybody.append(visitor)
        return visitor

    # --- the municipality ----------------------------------------------------------------------------
    def sign_up(self) -> None:
        """From the landing page to a rehearsal portal."""
        kari = self.applicant
        kari.go("/")
        kari.go("/start/")
        kari.choose("country", "NO")
        kari.press("Continue")
        kari.choose("kind", "municipality")
        kari.press("Continue")
        kari.type(organisation_number="958 935 421")
        kari.press("Continue")
        assert kari.page.locator(".ds-error-summary").is_visible(), "a wrong number is said"
        kari.type(organisation_number=self.number)
        kari.press("Continue")
        assert kari.cookies <= {"csrf"}, "nothing is kept before the code"
        kari.type(contact_name="Kari Nordmann", email=self.kari)
        kari.press("Send me a code")
        code = self.stage.post.wait_for(self.kari, r"^(\d{3} \d{3})$")
        kari.type(code="000 000" if code != "000 000" else "111 111")
        kari.press("Continue")
        assert kari.page.locator(".ds-error-summary").is_visible(), "a wrong code is said"
        kari.type(code=code)
        kari.press("Continue")
        self._describe(kari)
        kari.press("Build my rehearsal portal")
        kari.page.get_by_role("heading", name="Your rehearsal portal is ready").wait_for()
        kari.look()

    def _describe(self, kari: Visitor) -> None:
        kari.type(name="Vær kommune")
        kari.press("Continue")
        kari.type(slug="operator")
        kari.press("Continue")
        assert kari.page.locator(".ds-error-summary").is_visible(), "a reserved address is refused"
        kari.type(slug=self.slug)
        kari.press("Continue")
        kari.type(pilot_school=f"Havna skole {self.slug}")
        kari.press("Continue")
        kari.choose("languages", "nb")
        kari.choose("languages", "en")
        kari.press("Continue")
        kari.page.locator("input[name=brand]").fill("#7a1f5c")
        kari.press("Show me")
        assert kari.page.locator("#tried-on").get_attribute("href") == "/start/theme.7a1f5c.css"
        kari.press("Continue")

    def rehearse(self) -> None:
        """An invented student knocks, the administrator answers as an invented nurse."""
        code = self.knocks(self.school, "This is only a try.", rehearsal=True)
        kari = self.applicant
        kari.follow("Sign in as administrator")
        kari.slug = self.slug
        kari.sign_in(self.kari)
        kari.go("/rehearsal/")
        kari.press("Be Lise")
        self.answers(kari, "We rehearse.")
        kari.go("/rehearsal/")
        kari.press("Be yourself again")
        self.reads(self.school, code, "We rehearse.", rehearsal=True)

    def pass_the_gates(self) -> None:
        """Signed by somebody who may; assessment, archive, deputy; real people in both roles."""
        kari = self.applicant
        kari.go("/start/gates/", slug="")
        assert kari.sees("Nobody real is")
        assert not kari.page.get_by_role("button", name="Ask us to open the door").count()
        ola = f"ola@{self.slug}.kommune.no"
        kari.go("/start/gates/agreement/")
        kari.type(name="Ola Berg", role="Kommunedirektør", authority="Delegert", email=ola)
        kari.press("Send the link")
        self._sign(ola)
        for gate, choice in (("dpia", "supports"), ("archive", "delete")):
            kari.go(f"/start/gates/{gate}/")
            kari.choose("choice", choice)
            kari.type(decided_on="2026-01-15")
            kari.press("This is decided")
        kari.go("/start/gates/deputy/")
        kari.type(name="Per Vara", email=f"per@{self.slug}.kommune.no")
        kari.press("Invite")
        assert not kari.page.get_by_role("button", name="Ask us to open the door").count()
        self.somebody(self.school, self.slug).sign_in(f"per@{self.slug}.kommune.no")
        self._staff(kari)
        kari.go("/start/gates/", slug="")
        kari.press("Ask us to open the door")
        assert kari.heading == "We are looking through it"

    def _sign(self, address: str) -> None:
        link = self.stage.post.wait_for(address, r"(https?://\S+/sign/\S+)")
        ola = self.somebody(self.school)
        ola.go(link)
        assert "Ola Berg" in ola.page.locator("main").inner_text()
        ola.choose("read")
        ola.press("Sign the agreement")
        assert ola.heading == "The agreement is signed"

    def _staff(self, kari: Visitor) -> None:
        """Invite a real nurse and a real counsellor, each with a post at the school."""
        for name, role in (("nora", "School nurse"), ("carl", "Counsellor")):
            kari.go("/setup/people/", slug=self.slug)
            kari.type(name=name.title(), email=self.address_of(name))
            kari.select("language", value="en")
            kari.press("Invite")
            kari.select("post-role", role)
            kari.press("Give the post")
            assert kari.sees(f"{name.title()} has the post.")

    def address_of(self, name: str) -> str:
        return f"{name}@{self.slug}.kommune.no"

    def approve(self, operators_address: str) -> None:
        """The operator looks, ticks, and opens the door."""
        runa = self.somebody(self.office)
        runa.go("/sign-in/")
        runa.sign_in(operators_address)
        runa.go("/operator/")
        runa.follow("Vær kommune")
        assert not runa.page.get_by_role("link", name="Approve").count(), "not before the number is looked up"
        runa.press("I have looked it up: it matches")
        runa.follow("Approve")
        runa.press("Approve and open")
        assert runa.page.locator(".ds-tag").inner_text() == "Approved"
        runa.go("/operator/municipalities/")
        assert self.stage.post.wait_for(self.kari, r"(Your door is open)")

    # --- the school ------------------------------------------------------------------------------------
    def knocks(self, device: Device, message: str, *, rehearsal: bool = False) -> str:
        """A student knocks, and presses send twice. Returns the code of the receipt."""
        student = self.somebody(device, self.slug)
        student.go("/")
        if rehearsal:
            student.press("I am helping to rehearse")
        assert student.page.get_by_text("This is a rehearsal").is_visible() == rehearsal
        promise = student.page.locator(".promise").first.inner_text()
        assert re.search(r"\d\d[:.]\d\d", promise), f"a clock time in the promise: {promise}"
        student.follow("Knock", within="main")
        student.answer(role="School nurse", message=message)
        before = len(student.sent)
        # No navigation is waited for: without scripts the second press cuts the first one's off.
        student.page.get_by_role("button", name="Send", exact=True).dblclick(no_wait_after=True)
        student.page.locator("#receipt-code").wait_for()
        student.look()
        code = student.receipt
        once = len(student.sent)
        # Once by our script, which waits for the answer; once by the browser, for a receipt that a reload shows.
        assert once - before == 2 or not device.javascript, "the second press is held back"
        student.page.reload()  # sends the same knock once more, whatever holds presses back
        assert (len(student.sent) - once, student.receipt) == (1, code)
        assert student.cookies == ({"rehearsal"} if rehearsal else set()), "a student's browser keeps nothing"
        student.context.close()
        return code

    def enters(self, device: Device, path: str, *, rehearsal: bool) -> Visitor:
        """Somebody at the student's door. While it is rehearsed, only who says so gets in."""
        student = self.somebody(device, self.slug)
        student.go(path)
        if rehearsal:
            assert student.heading == "This door is not open"
            student.press("I am helping to rehearse")
            assert student.sees("This is a rehearsal")
        return student

    def answers(self, helper: Visitor, text: str) -> None:
        """Whoever is at the desk takes the one that waits, and writes."""
        helper.go("/desk/")
        assert helper.heading == "One is waiting for an answer"
        helper.press(re.compile("^Take:"), within="main")
        helper.type(text=text)
        helper.press("Send")
        assert helper.sees(text)
        assert helper.sees("The promise was kept")
        assert helper.sees("The student sees this in a moment.")
        helper.page.wait_for_timeout((TAKE_BACK_WITHIN.total_seconds() + 1) * 1000)

    def reads(self, device: Device, code: str, text: str, *, rehearsal: bool = False) -> Visitor:
        """The student, on whatever device, opens the conversation with the code."""
        student = self.somebody(device, self.slug)
        student.go("/receipt/")
        if rehearsal:
            student.press("I am helping to rehearse")
        student.type(receipt=code.lower().replace("-", " "))
        student.press("Open")
        assert student.path == "/conversation/"
        deadline = time.monotonic() + 30
        while not student.sees(text) and time.monotonic() < deadline:
            student.page.wait_for_timeout(1_000)  # the helper has ten seconds to take it back
            student.page.reload()
        assert student.sees(text)
        assert student.sees("We answered you")
        return student


#: Whoever works here with scripts, the students without; ENDURE=1: everybody with, and everybody without.
DEVICES = {
    "students without scripts": ("958 935 420", DESKTOP, PLAIN_PHONE),
    "scripts": ("958 935 420", DESKTOP, PHONE),
    "no scripts": ("974 760 673", PLAIN_PHONE, PLAIN_DESKTOP),
}
TOLD = list(DEVICES)[1:] if os.environ.get("ENDURE") == "1" else list(DEVICES)[:1]


@pytest.mark.parametrize(("number", "office", "school"), [DEVICES[one] for one in TOLD], ids=TOLD)
def test_a_municipality_signs_up_and_its_first_student_is_answered(
    stage: Stage, browser: Any, slug: str, operators_address: str, number: str, office: Device, school: Device
) -> None:
    story = Story(browser, stage, slug, number, office, school)
    story.sign_up()
    story.rehearse()
    story.pass_the_gates()
    story.approve(operators_address)

    finder = story.somebody(school)
    finder.go(f"/schools/?q=havna+skole+{slug}")
    finder.follow(re.compile(f"Havna skole {slug}"))
    assert finder.page.url.startswith(stage.origin(slug)), "the school's own door"

    code = story.knocks(school, SECRET)
    link = stage.post.wait_for(story.address_of("nora"), r"(http\S+/desk/)$")
    nurse = story.somebody(office, slug)
    nurse.go(link)
    nurse.sign_in(story.address_of("nora"))
    story.answers(nurse, ANSWER)
    assert nurse.sees(SECRET)

    student = story.reads(school, code, ANSWER)
    student.type(text="Takk. Jeg kommer.")
    student.press("Send")
    nurse.go("/desk/mine/")
    nurse.follow(re.compile("^Writes|^wants|^Wants"), within="main")
    assert nurse.sees("Takk. Jeg kommer.")
    leaves_quickly(student)

    told = "\n".join(words_of(mail) for mail in stage.post.mails)
    assert not any(words in told for words in (SECRET, ANSWER, "Havna skole")), "mails say nothing of it"
    assert {host for one in story.everybody if one is not student for host in one.elsewhere} == set()


def leaves_quickly(student: Visitor) -> None:
    """One press: another site, and nothing of the conversation is left in this browser."""
    assert ("visit" in student.cookies, student.elsewhere) == (True, [])
    with student.page.expect_request(lambda request: "localhost" not in request.url):
        student.page.get_by_role("link", name="Leave this page").click(no_wait_after=True)
    for _tenth in range(100):  # the other site is not there: the browser says so, sooner or later
        if student.page.url.startswith("chrome-error:"):
            break
        student.page.wait_for_timeout(100)
    assert student.cookies == set()
    student.page.goto(f"{student.stage.origin(student.slug)}/conversation/")
    assert student.path == "/receipt/", "the conversation is closed in this browser"
