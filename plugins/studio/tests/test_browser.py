"""What a person does on the page, in a real browser; its pictures for the README come from here."""

import base64
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradio_client import Client
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

EXAMPLE = Path(__file__).parents[1] / "zoo_studio" / "page" / "examples" / "house.png"
SLOW = 60_000


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, studio: Any) -> Iterator[Page]:
    outside: list[str] = []
    faults: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url.startswith((studio.url, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context = browser.new_context(viewport={"width": 1100, "height": 1000})
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.route("**/*", answer)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(studio.url)
    expect(page.locator("#model option")).to_have_count(2)
    yield page
    context.close()
    assert not outside
    assert not faults


def draw(page: Page, *points: tuple[float, float]) -> None:
    """Draw with the mouse; points are in pixels of a page of 512."""
    box = page.locator("#picture").bounding_box()
    assert box is not None
    places = [
        (box["x"] + x * box["width"] / 512, box["y"] + y * box["height"] / 512) for x, y in points
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def pixels(page: Page, canvas: str = "#picture") -> np.ndarray:
    """A canvas as (H, W, 4) uint8."""
    url = page.evaluate("(id) => document.querySelector(id).toDataURL()", canvas)
    return read_url(page, url)


def read_url(page: Page, url: str) -> np.ndarray:
    raw = base64.b64decode(url.partition(",")[2])
    return np.asarray(Image.open(BytesIO(raw)).convert("RGBA"))


def saved(page: Page, button: str) -> bytes:
    with page.expect_download() as download:
        page.click(button)
    return Path(download.value.path()).read_bytes()


def complete(page: Page, count: int) -> None:
    page.select_option("#count", str(count))
    page.click("#complete")
    expect(page.locator("#results img")).to_have_count(count, timeout=SLOW)
    expect(page.locator("#status")).to_contain_text("Click one")


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where ``ZOO_SCREENSHOTS`` says."""
    if folder := os.environ.get("ZOO_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / name, full_page=True)


def draw_box(page: Page) -> None:
    draw(page, (100, 100), (400, 100), (400, 400), (100, 400), (100, 100))


def test_draw_mark_complete_choose_save(page: Page) -> None:
    draw_box(page)
    drawn = pixels(page)
    assert (drawn[95:106, 150:350, 0].min(axis=0) < 50).all()
    page.click("[data-tool=marker]")
    draw(page, (400, 200), (400, 300))
    hole = pixels(page, "#mark")[..., 3] >= 128
    assert 2000 < hole.sum() < 12000
    assert (pixels(page) == drawn).all(), "marking must not draw"
    complete(page, 3)
    urls = page.locator("#results img").evaluate_all("all => all.map((one) => one.src)")
    variants = [read_url(page, url) for url in urls]
    assert all((variant[~hole] == drawn[~hole]).all() for variant in variants)
    assert all((variant[hole] != drawn[hole]).any() for variant in variants)
    page.locator("#results button").nth(1).click()
    expect(page.locator("#status")).to_contain_text("Taken")
    taken = np.asarray(Image.open(BytesIO(saved(page, "#save-png"))).convert("RGBA"))
    assert (taken[~hole] == drawn[~hole]).all()
    assert (taken[hole] == variants[1][hole]).all()
    assert not pixels(page, "#mark")[..., 3].any()


def test_compare_take_another_and_undo(page: Page) -> None:
    draw_box(page)
    drawn = pixels(page)
    page.click("[data-tool=marker]")
    draw(page, (400, 200), (400, 300))
    complete(page, 2)
    page.locator("#results button").nth(0).click()
    expect(page.locator("#compare")).to_be_enabled()
    first = pixels(page)
    page.click("#compare")
    assert page.locator("#before").is_visible()
    assert page.get_attribute("#compare", "aria-pressed") == "true"
    before = page.evaluate(
        "async () => { const image = document.querySelector('#before'); await image.decode();"
        "const canvas = Object.assign(document.createElement('canvas'), {width: 512, height: 512});"
        "canvas.getContext('2d').drawImage(image, 0, 0); return canvas.toDataURL(); }"
    )
    assert (read_url(page, before) == drawn).all()
    page.click("#compare")
    assert not page.locator("#before").is_visible()
    page.locator("#results button").nth(1).click()
    page.wait_for_function("document.querySelectorAll('#results [aria-pressed=true]').length === 1")
    page.click("#undo")
    assert (pixels(page) == first).all()
    page.click("#undo")
    assert (pixels(page) == drawn).all()
    assert pixels(page, "#mark")[..., 3].any()
    page.click("#undo")
    assert not pixels(page, "#mark")[..., 3].any()
    page.keyboard.press("Control+z")
    assert (pixels(page)[..., :3] == 255).all()
    expect(page.locator("#undo")).to_be_disabled()


def test_the_rubber_and_the_rubber_of_the_mark(page: Page) -> None:
    draw(page, (50, 50), (450, 50))
    page.click("[data-tool=rubber]")
    draw(page, (250, 20), (250, 90))
    middle = pixels(page)[40:60, 244:257]
    assert (middle == 255).all()
    page.click("[data-tool=marker]")
    draw(page, (100, 300), (400, 300))
    marked = (pixels(page, "#mark")[..., 3] >= 128).sum()
    page.click("[data-tool=unmark]")
    draw(page, (250, 300), (400, 300))
    left = pixels(page, "#mark")[..., 3] >= 128
    assert 0.3 * marked < left.sum() < 0.7 * marked
    assert not left[300, 300:400].any()


def test_what_cannot_be_is_said_in_a_sentence(page: Page, tmp_path: Path) -> None:
    page.click("#complete")
    expect(page.locator("#status.bad")).to_contain_text("Nothing is marked: paint with Mark")
    assert page.get_attribute("[data-tool=marker]", "aria-pressed") == "true"
    draw(page, (100, 100), (200, 200))
    page.click("#complete")
    expect(page.locator("#status")).to_contain_text("the page is empty", timeout=SLOW)
    assert "Traceback" not in page.content()
    (tmp_path / "notes.png").write_text("no picture")
    page.set_input_files("#file", tmp_path / "notes.png")
    expect(page.locator("#status.bad")).to_contain_text("notes.png is no picture that this browser")
    Image.new("1", (6000, 5000), 1).save(tmp_path / "huge.png")
    page.set_input_files("#file", tmp_path / "huge.png")
    expect(page.locator("#status.bad")).to_contain_text(
        "6000x5000 pixels; the studio takes up to 25"
    )


def test_a_picture_is_opened_pixel_by_pixel_in_its_own_size(page: Page, tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    picture = random.integers(0, 256, (300, 777, 3), np.uint8)
    Image.fromarray(picture).save(tmp_path / "photo.png")
    page.set_input_files("#file", tmp_path / "photo.png")
    expect(page.locator("#status")).to_contain_text("Now mark")
    assert (pixels(page)[..., :3] == picture).all()
    png = saved(page, "#save-png")
    assert (np.asarray(Image.open(BytesIO(png)).convert("RGB")) == picture).all()


def test_an_example_comes_with_a_mark_and_svg_has_the_strokes(page: Page) -> None:
    page.click("#examples button:has(img[alt='Example: house'])")
    expect(page.locator("#status")).to_contain_text("clear part is marked")
    hole = pixels(page, "#mark")[..., 3] >= 128
    given = np.asarray(Image.open(EXAMPLE))
    assert (hole == (given[..., 1] < 128)).all()
    assert (pixels(page)[~hole][:, 0] == given[~hole][:, 0]).all()
    page.select_option("#model", "best-128")
    complete(page, 3)
    shot(page, "studio.png")
    page.locator("#results button").first.click()
    expect(page.locator("#compare")).to_be_enabled()
    svg = saved(page, "#save-svg").decode()
    assert svg.count("<path") >= 1
    assert 'viewBox="0 0 512 512"' in svg
    url = svg.partition('href="')[2].partition('"')[0]
    assert (read_url(page, url) == pixels(page)).all()
    page.click("[data-tool=rubber]")
    draw(page, (330, 330), (340, 340))
    assert "<path" not in saved(page, "#save-svg").decode()
    page.click("#undo")
    assert "<path" in saved(page, "#save-svg").decode()


def test_pasted_and_dropped_pictures_are_opened(page: Page) -> None:
    give = """async ([type, target]) => {
        const answer = await fetch('/page/examples/house.png');
        const data = new DataTransfer();
        data.items.add(new File([await answer.blob()], 'house.png', {type: 'image/png'}));
        const event = type === 'paste'
            ? new ClipboardEvent('paste', {clipboardData: data, bubbles: true})
            : new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true});
        document.querySelector(target).dispatchEvent(event);
    }"""
    for kind, target in (("paste", "body"), ("drop", "#stage")):
        page.click("#clear")
        assert (pixels(page)[..., :3] == 255).all()
        page.evaluate(give, [kind, target])
        expect(page.locator("#status")).to_contain_text("clear part is marked")
        assert (pixels(page)[..., 0] < 100).sum() > 1000


def test_who_waits_sees_the_place_in_line(page: Page, studio: Any) -> None:
    page.evaluate(
        "window.said = []; new MutationObserver(() => said.push(document.querySelector('#status')"
        ".textContent)).observe(document.querySelector('#status'), {childList: true})"
    )
    url = "data:image/png;base64," + base64.b64encode(EXAMPLE.read_bytes()).decode()
    page.click("#examples button:has(img[alt='Example: house'])")
    expect(page.locator("#status")).to_contain_text("clear part is marked")
    page.select_option("#count", "1")
    client = Client(studio.url, verbose=False)
    given = {"image": url, "mask": "", "model": "best-128", "count": 8, "seed": 0}
    before = [client.submit(**given, api_name="/complete") for _ in range(4)]
    page.click("#complete")
    expect(page.locator("#results img")).to_have_count(1, timeout=SLOW)
    said = page.evaluate("said")
    places = [int(text.split()[1]) for text in said if text.startswith("Place")]
    assert places
    assert places == sorted(places, reverse=True)
    assert 1 <= places[0] <= 4
    assert "Drawing…" in said
    assert all(len(job.result()) == 8 for job in before)


def test_on_a_phone_nothing_is_cut_off(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 720})
    page.click("#examples button:has(img[alt='Example: fish'])")
    expect(page.locator("#status")).to_contain_text("clear part is marked")
    complete(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
        assert box["height"] >= 36
    shot(page, "studio-phone.png")
