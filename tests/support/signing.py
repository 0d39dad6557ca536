"""Signing in at the console in a real browser, as a person does: by the labels of the form."""

from __future__ import annotations

from playwright.sync_api import Page

from console import HERE, SECRET


def sign_in(page: Page, login: str, password: str = SECRET, tenant: str = HERE) -> None:
    """From the page for signing in to whatever was asked for."""
    page.get_by_label("机关").select_option(tenant)
    page.get_by_label("登录名").fill(login)
    page.get_by_label("口令").fill(password)
    page.get_by_role("button", name="登录").click()
