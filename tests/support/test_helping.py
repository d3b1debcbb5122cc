"""Getting help: the four things are there already, a question is asked once, an operator answers it once and for the record."""

from __future__ import annotations

import pytest
from django.core import mail as outbox
from django.test import Client

from elistit import ports
from elistit.accounts.models import User
from elistit.projects.models import Project
from elistit.support import helping, mail
from elistit.support.models import HelpRequest, OperatorAct
from tests.studio.conftest import a_person

from .conftest import press

pytestmark = pytest.mark.django_db
QUESTION = "I expected fifteen pictures & got none."


def ask(client: Client, project: Project, words: str = QUESTION, key: str = "") -> object:
    return client.post(f"/projects/{project.pk}/help/", {"expected": words, "key": key or ports.new_id()})


def test_the_four_things_and_the_activity_are_there_before_anything_is_typed(page: Client, failed: Project) -> None:
    shown = page.get(f"/projects/{failed.pk}/help/").content.decode()
    for part in (
        f"Public id: {failed.pk}",
        "Launched: ",
        "Charged: 17 credits. Refunded: 17 credits.",
        "What did you expect?",
    ):
        assert part in shown
    assert shown.count("failed. The writer did not answer.") == 4
    answer = page.get(f"/projects/{failed.pk}/help.txt")
    text = answer.content.decode()
    assert (
        "attachment" in answer["Content-Disposition"]
        and text.count("failed. The writer did not answer") == 4
        and failed.pk in text
    )


def test_pressing_twice_asks_once_and_keeps_what_was_seen_then(page: Client, failed: Project) -> None:
    key = ports.new_id()
    for _ in range(2):
        assert ask(page, failed, key=key).status_code == 302  # type: ignore[attr-defined]
    asked = HelpRequest.objects.get()
    assert asked.expected == QUESTION and "Refunded: 17 credits." in asked.facts and "attempt 4 of 4" in asked.activity
    assert "Not answered yet" in page.get(f"/projects/{failed.pk}/help/").content.decode()


def test_what_is_too_short_comes_back_as_typed_and_three_open_questions_are_enough(
    page: Client, failed: Project
) -> None:
    answer = ask(page, failed, "Why?")
    assert answer.status_code == 422 and ">Why?</textarea>" in answer.content.decode()  # type: ignore[attr-defined]
    for n in range(helping.OPEN_MAX):
        ask(page, failed, f"{QUESTION} {n}")
    assert "The operator already has your questions" in ask(page, failed).content.decode()  # type: ignore[attr-defined]
    assert HelpRequest.objects.count() == helping.OPEN_MAX


def test_another_persons_project_cannot_be_asked_about_and_a_key_is_not_shared(
    page: Client, failed: Project, bob: User
) -> None:
    client, key = Client(), ports.new_id()
    client.force_login(bob)
    for end in ("help/", "help.txt"):
        assert client.get(f"/projects/{failed.pk}/{end}").status_code == 404
    assert ask(client, failed).status_code == 404  # type: ignore[attr-defined]
    ask(page, failed, key=key)
    with pytest.raises(helping.NotPossible, match="already used"):
        helping.ask(bob, failed, QUESTION, key=key)


def test_an_operator_sees_it_first_and_answers_it_once(
    page: Client, console: Client, ottos: Client, failed: Project, olga: User
) -> None:
    ask(page, failed)
    asked = HelpRequest.objects.get()
    assert "Help requests" in console.get("/console/").content.decode()
    console_page = console.get(f"/console/projects/{failed.pk}/").content.decode()
    assert "fifteen pictures &amp; got none" in console_page and "Project details when it was sent" in console_page
    where = f"/console/help/{asked.pk}/"
    press(console, where, reason="short")
    assert HelpRequest.objects.get().answered_at is None
    press(console, where, reason="The service was down for an hour. Launch it again, it works now.")
    said = press(ottos, where, reason="A second answer that comes too late").content.decode()  # type: ignore[attr-defined]
    assert "answered already" in said
    [act] = OperatorAct.objects.all()
    assert (act.act, act.actor, act.project) == ("answer_help", olga, failed.pk)
    assert "Launch it again, it works now." in page.get(f"/projects/{failed.pk}/help/").content.decode()
    assert "Help requests" not in console.get("/console/").content.decode()


def test_operators_are_mailed_the_question_and_the_seller_the_answer(
    page: Client, console: Client, finished: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELISTIT_EMAIL_URL", "memory:")
    mail.send_due()
    outbox.outbox = []
    ask(page, finished)
    assert mail.send_due() == 1 and mail.send_due() == 0
    asked = HelpRequest.objects.get()
    press(console, f"/console/help/{asked.pk}/", reason="It is all there & waits for you.")
    assert mail.send_due() == 1 and mail.send_due() == 0
    to_olga, to_alice = outbox.outbox
    assert to_olga.to == ["olga@example.com"] and to_alice.to == ["alice@example.com"]
    for message, words, html in (
        (to_olga, QUESTION, "pictures &amp; got none"), (to_alice, "all there & waits", "all there &amp; waits")
    ):  # fmt: skip
        assert words in message.body and html in message.alternatives[0][0]
        assert "{{" not in message.body + message.alternatives[0][0]


def test_only_operators_are_offered_the_operators_messages(page: Client, console: Client) -> None:
    assert "A seller asks for help" not in page.get("/settings/notifications/").content.decode()
    assert "A seller asks for help" in console.get("/settings/notifications/").content.decode()


def test_a_question_about_a_deleted_project_can_be_asked(page: Client, failed: Project) -> None:
    page.post(f"/projects/{failed.pk}/delete/", {"loss": "0"})
    assert page.get(f"/projects/{failed.pk}/help/").status_code == 200
    assert a_person("else@example.com").help_requests.count() == 0
