"""The chat and the case pages as people meet them: in a real browser, with mouse, keyboard and screen reader in mind."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from index.case_index import CaseIndex
from tests.bot.model_server import MODEL, Request, lines, model_server, says
from tests.bot.web.conftest import HOSTILE, HOSTILE_CASE, HOSTILE_QUESTION, served

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
AXE = (Path(__file__).resolve().parents[2] / "data/axe/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WEAPONS = "Who checked that the Reed Front had handed over its weapons?"
WOMEN = "How many women were there in Valdoria and Orlund?"
VOTE = "How did Valdoria vote on the Harbour Accord?"
ACCORD = "/cases/valdoria-harbour-accord"
COUNTED = "The Orlund Observer Group counted 1,204 rifles and 17 mortars."
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists() and os.environ.get("CI") != "true", reason="needs Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser(app: FastAPI, address: str) -> Iterator[Browser]:
    """Chromium, started after the application, because its driver runs an event loop in this thread."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


class Visit:
    """One visitor's page. It notes every request, and what the page complains of."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        if path == "/":
            expect(self.page.locator("#headline .coverage")).to_contain_text("Covers Valdoria")
            expect(self.page.locator("#answers button.example").first).to_be_visible()

    def ask(self, question: str) -> None:
        before = self.page.locator("#answers .told, #answers .closing").count()
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_label("Your question").press("Enter")
        self.wait_for_answer(question, before)

    def wait_for_answer(self, question: str, before: int = 0) -> None:
        expect(self.page.locator("#answers .asked").last).to_contain_text(question[:30])
        self.page.wait_for_function("n => document.querySelectorAll('#answers .told, #answers .closing').length > n", arg=before)
        expect(self.page.get_by_text("Looking through the cases")).to_have_count(0)
        self.page.wait_for_timeout(400)

    def violations(self) -> list[tuple[str, list[str]]]:
        """What axe finds against WCAG 2.2 AA: the rule, and where it is broken."""
        self.page.evaluate(AXE)
        found: Any = self.page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
        return [(broken["id"], [node["html"][:120] for node in broken["nodes"]]) for broken in found["violations"]]

    def is_narrow_enough(self) -> bool:
        """Whether nothing has to be scrolled sideways."""
        fits: bool = self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        return fits

    def focused(self) -> str:
        element: str = self.page.evaluate("document.activeElement.id || document.activeElement.className")
        return element


class Visitors:
    """Opens visits, and at the end holds that none of them left this machine or complained."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self.visits: list[Visit] = []

    def visit(self, size: tuple[int, int] = DESKTOP, scheme: Any = "light", **more: Any) -> Visit:
        context = self._browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, **more)
        self.visits.append(Visit(context, self._address))
        return self.visits[-1]

    def leave(self) -> None:
        for visit in self.visits:
            visit.page.context.close()
            foreign = [url for url in visit.requests if urlsplit(url).hostname not in ("127.0.0.1", None)]
            assert foreign == [], "a request left this machine"
            assert visit.complaints == []


@pytest.fixture
def writing_visitors(browser: Browser, index: CaseIndex) -> Iterator[Visitors]:
    """Visitors of an application with a language model, which writes one sentence that is checked and one that is in doubt."""
    with (
        model_server(says(_written)) as model,
        served(index, model_url=f"{model.url}/v1", model_name=MODEL) as address,
    ):
        opened = Visitors(browser, address)
        yield opened
        opened.leave()


def _written(request: Request) -> str:
    label, counted = request.label_of("The Orlund Observer Group counted")
    watched = request.label_of("Two retired schoolteachers")
    return lines((COUNTED, label, counted), ("Teachers everywhere were overjoyed about the splendid outcome.", *watched))


@pytest.fixture
def visitors(browser: Browser, address: str) -> Iterator[Visitors]:
    opened = Visitors(browser, address)
    yield opened
    opened.leave()


def test_a_citation_leads_to_the_highlighted_passage_and_its_case(visitors: Visitors) -> None:
    visit = visitors.visit()
    visit.open()
    visit.ask(WEAPONS)
    marker = visit.page.locator("#answers a.cite").first
    source = visit.page.locator(f"[id='{(marker.get_attribute('href') or '')[1:]}']")
    marker.click()
    expect(source).to_be_focused()
    expect(source).to_be_in_viewport()
    quoted = source.locator("mark").first
    expect(quoted).to_be_visible()
    told = visit.page.locator("#answers .told").first.inner_text()
    assert any(text in told for text in source.locator("mark").all_inner_texts())
    expect(source.get_by_text("Published sources")).to_be_visible()
    with visit.page.context.expect_page() as opened:
        source.get_by_role("link", name="Read it in the case").click()
    case = opened.value
    case.wait_for_load_state()
    anchor = case.url.partition("#")[2].partition(":~:")[0]
    expect(case.locator(f"[id='{anchor}']")).to_be_in_viewport()


def test_what_a_written_sentence_rests_on_is_one_touch_away(writing_visitors: Visitors) -> None:
    for size, scheme in ((DESKTOP, "light"), (NARROW, "dark")):
        visit = writing_visitors.visit(size, scheme)
        visit.open()
        visit.ask(WEAPONS)
        told = visit.page.locator("#answers .told")
        expect(told.first).to_contain_text(COUNTED)
        expect(told.nth(1)).to_contain_text("Two retired schoolteachers")
        expect(visit.page.locator("#answers")).not_to_contain_text("overjoyed")
        quotation = visit.page.locator("#answers .borne p")
        expect(quotation).to_be_hidden()
        visit.page.locator("#answers .borne summary").focus()
        visit.page.keyboard.press("Enter")
        expect(quotation).to_be_visible()
        expect(quotation).to_contain_text("at four collection points between April and August 1994.")
        expect(visit.page.locator("#answers .closing")).to_contain_text(f"Written by the language model {MODEL}")
        assert visit.violations() == []
        assert visit.is_narrow_enough()
        visit.page.locator("#answers a.cite").first.click()
        expect(visit.page.locator("#sources .source.current mark").first).to_contain_text("The Orlund Observer Group counted 1,204 rifles")


def test_the_keyboard_is_enough(visitors: Visitors) -> None:
    visit = visitors.visit(reduced_motion="reduce")
    visit.open()
    visit.page.get_by_label("Your question").focus()
    visit.page.keyboard.type(WEAPONS)
    visit.page.keyboard.press("Enter")
    visit.wait_for_answer(WEAPONS)
    visit.page.locator("#answers a.cite").first.focus()
    visit.page.keyboard.press("Enter")
    assert visit.focused().startswith("source-1-")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.closest('#sources .source') !== null")
    back = visit.page.locator("#sources .source.current a.back")
    back.focus()
    visit.page.keyboard.press("Enter")
    assert visit.focused() == "cite"


def test_markers_of_an_earlier_answer_never_point_into_the_panel(visitors: Visitors) -> None:
    visit = visitors.visit()
    visit.open()
    visit.ask(WEAPONS)
    earlier = visit.page.locator("#answers .bot.message").first.locator("a.cite")
    assert (earlier.first.get_attribute("href") or "").startswith("#source-1-")
    visit.ask(VOTE)
    assert (earlier.first.get_attribute("href") or "").startswith("/cases/")
    assert earlier.first.get_attribute("target") == "_blank"
    latest = visit.page.locator("#answers .bot.message").last.locator("a.cite")
    assert (latest.first.get_attribute("href") or "").startswith("#source-2-")
    expect(visit.page.locator("#sources .source").first).to_have_attribute("id", "source-2-1")


def test_examples_and_suggestions_are_asked_by_a_click(visitors: Visitors) -> None:
    visit = visitors.visit()
    visit.open()
    example = visit.page.locator("#answers button.example").filter(has_text="Reed Front").first
    question = example.inner_text().strip()
    example.click()
    visit.wait_for_answer(question)
    suggestion = visit.page.locator("#answers button.option").first
    following = suggestion.inner_text().strip()
    suggestion.click()
    expect(visit.page.locator("#answers .asked").last).to_contain_text(following[:30])


def test_filters_narrow_and_a_new_conversation_is_empty(visitors: Visitors) -> None:
    visit = visitors.visit()
    visit.open()
    visit.page.get_by_role("button", name="Narrow by area").click()
    visit.page.get_by_role("checkbox", name="Orlund").check()
    visit.ask("Which women took part?")
    cases = set(visit.page.locator("#sources .source-head strong").all_inner_texts())
    assert "The Harbour Accord of Valdoria" not in cases
    visit.page.get_by_role("button", name="Start a new conversation").click()
    expect(visit.page.locator("#answers .asked")).to_have_count(0)
    expect(visit.page.locator("#sources .source")).to_have_count(0)


def test_visitors_do_not_see_each_other(visitors: Visitors) -> None:
    one, other = visitors.visit(), visitors.visit()
    one.open()
    other.open()
    one.ask(WEAPONS)
    other.ask(VOTE)
    expect(other.page.locator("#answers .asked")).to_have_count(1)
    one.ask(VOTE)
    expect(one.page.locator("#answers .asked")).to_have_count(2)


def test_an_empty_question_is_told_so(visitors: Visitors) -> None:
    visit = visitors.visit()
    visit.open()
    visit.page.get_by_role("button", name="Ask", exact=True).click()
    expect(visit.page.locator("#answers .closing")).to_contain_text("Please type a question.")


@pytest.mark.parametrize("question", [HOSTILE_QUESTION, HOSTILE])
def test_markup_in_questions_and_cases_is_only_text(visitors: Visitors, question: str) -> None:
    visit = visitors.visit()
    visit.open()
    visit.ask(question)
    for part in ("#answers", "#sources", "#headline"):
        assert visit.page.locator(f"{part} :is(img, script, iframe, b, code)").count() == 0
        for link in visit.page.locator(f"{part} a").all():
            assert urlsplit(link.evaluate("link => link.href")).hostname in (
                "127.0.0.1",
                *invented_hosts(link.evaluate("link => link.href")),
            )
    assert "<img src=x onerror=alert(1)>" in visit.page.locator("#answers .asked").inner_text()
    visit.open(f"/cases/{HOSTILE_CASE}")
    assert visit.page.locator(":is(img, script, iframe, b, code)").count() == 0


def invented_hosts(url: str) -> set[str]:
    """The host of an invented source, which is one of our own links."""
    host = urlsplit(url).hostname or ""
    return {host} if host.endswith(".example.org") else set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_violation_of_wcag(visitors: Visitors, size: tuple[int, int], scheme: str) -> None:
    visit = visitors.visit(size, scheme)
    visit.open()
    assert visit.violations() == []
    visit.page.get_by_role("button", name="Narrow by area").click()
    visit.page.wait_for_timeout(300)
    assert visit.violations() == []
    visit.ask("How many rifles had the Reed Front kept in Hallmoor forest?")
    assert visit.violations() == []
    visit.ask("How do I bake sourdough bread?")
    expect(visit.page.locator("#answers .uncovered").get_by_role("link", name="all cases")).to_be_visible()
    assert visit.violations() == []
    for path in (ACCORD, "/cases/women-at-the-table", "/cases", "/cases/atlantis"):
        visit.page.goto(visit.address + path)
        assert visit.violations() == []
    visit.complaints = [text for text in visit.complaints if "404" not in text]


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["390", "320"])
def test_nothing_is_wider_than_a_phone(visitors: Visitors, size: tuple[int, int]) -> None:
    visit = visitors.visit(size)
    visit.open()
    assert visit.is_narrow_enough()
    visit.ask(WEAPONS)
    assert visit.is_narrow_enough()
    sources, answers = visit.page.locator("#sources").bounding_box(), visit.page.locator("#answers").bounding_box()
    assert sources and answers
    assert sources["y"] > answers["y"]
    visit.page.locator("#answers a.cite").first.click()
    expect(visit.page.locator("#sources .source.current")).to_be_in_viewport()
    for path in (ACCORD, "/cases"):
        visit.open(path)
        assert visit.is_narrow_enough()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "320"])
def test_a_comparison_is_a_table_that_everyone_can_read(visitors: Visitors, size: tuple[int, int], scheme: str) -> None:
    visit = visitors.visit(size, scheme)
    visit.open()
    visit.ask(WOMEN)
    table = visit.page.get_by_role("table", name="Comparison of Valdoria, Orlund")
    expect(table).to_be_visible()
    expect(table.get_by_role("columnheader")).to_have_text(["Issue", "Valdoria", "Orlund"])
    expect(table.get_by_role("rowheader")).to_have_count(1)
    expect(table.get_by_role("cell").first.locator("a.cite").first).to_be_visible()
    assert visit.is_narrow_enough()
    region = visit.page.get_by_role("region", name="Comparison as a table")
    region.focus()
    expect(region).to_be_focused()
    if size == NARROW:
        visit.page.keyboard.press("End")
        visit.page.keyboard.press("ArrowRight")
        visit.page.wait_for_function("() => document.querySelector('#answers .matrix').scrollLeft > 0")
    assert visit.violations() == []
    table.locator("a.cite").first.click()
    assert visit.focused().startswith("source-1-")


@pytest.mark.parametrize(("size", "folded"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "phone"])
def test_the_contents_of_a_case_leave_a_phone_to_its_text(visitors: Visitors, size: tuple[int, int], folded: bool) -> None:
    visit = visitors.visit(size)
    visit.open(ACCORD)
    link = visit.page.locator("nav.contents:visible a", has_text="Timeline")
    expect(visit.page.get_by_role("navigation", name="Contents")).to_have_count(1)
    expect(visit.page.locator(".case-text h2").first).to_be_in_viewport()
    if folded:
        expect(link).to_be_hidden()
        visit.page.locator("summary").click()
    link.click()
    expect(visit.page.get_by_role("heading", name="Timeline")).to_be_in_viewport()


def test_case_pages_work_without_javascript(visitors: Visitors) -> None:
    visit = visitors.visit(java_script_enabled=False)
    visit.open(f"{ACCORD}#how-the-handover-of-weapons-was-verified")
    expect(visit.page.get_by_role("heading", name="How the handover of weapons was verified")).to_be_in_viewport()
    visit.page.get_by_role("link", name="Source 1, pp. 14-19").click()
    expect(visit.page.locator("#page_source-1")).to_be_in_viewport()
