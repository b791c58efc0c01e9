"""A real headless Chromium for the tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

REQUIRED = "MKCARDS_TEST_BROWSER"
"""The environment variable that makes a missing browser a failure."""
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")


def chromium() -> str:
    """Return the browser's program; skips the test, or fails it if one is required, when there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found and shutil.which("chromedriver"):
        return found
    reason = "no Chromium with its chromedriver here; install chromium and chromium-driver to run this test"
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, but {reason}")
    pytest.skip(reason)


@contextmanager
def browser(*flags: str) -> Iterator[WebDriver]:
    """Give a browser that keeps what its console says and what it asks the net for."""
    options = webdriver.ChromeOptions()
    options.binary_location = chromium()
    for flag in (*FLAGS, *flags):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def size(driver: WebDriver, width: int, height: int, *, night: bool = False) -> None:
    """Make the page that wide and high in CSS pixels, and prefer the dark if `night`."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if night else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def overflow(driver: WebDriver) -> int:
    """Return by how many pixels the page is wider than its window."""
    script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(driver.execute_script(script))


def console(driver: WebDriver) -> Sequence[str]:
    """Return what the console says since the last call."""
    return [entry["message"] for entry in driver.get_log("browser")]


def requests(driver: WebDriver) -> Sequence[str]:
    """Return the addresses that the page asked for since the last call, without those inside it."""
    import json

    sent = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    urls = (one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent")
    return [url for url in urls if not url.startswith(("data:", "blob:", "about:"))]


def picture(driver: WebDriver, path: Path) -> None:
    """Write what the window shows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    driver.save_screenshot(str(path))
