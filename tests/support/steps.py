"""What a person does on a page until something is reached, counted."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page


class Steps:
    """A person's taps, texts and strokes, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, role: str, name: str) -> None:
        """The first of that name."""
        self.count += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def fill(self, label: str, text: str) -> None:
        """One text."""
        self.count += 1
        self.page.get_by_label(label).first.fill(text)

    def upload(self, label: str, file: Path) -> None:
        """One file."""
        self.count += 1
        self.page.get_by_label(label).first.set_input_files(file)

    def choose(self, selector: str) -> None:
        """A choice, once each place that the selector finds."""
        for one in self.page.locator(selector).all():
            self.count += 1
            one.click()

    def draw(self) -> None:
        """A stroke by hand on the first pad."""
        self.count += 1
        pad = self.page.locator("canvas").first
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + 40, box["y"] + 40)
        mouse.down()
        mouse.move(box["x"] + 160, box["y"] + 90, steps=4)
        mouse.up()
