"""Measures the preview of many cards in a real headless Chromium, beside an empty page.

    python bench/preview.py [--cards 5000] [--work FOLDER]

Memory is the proportional set size of all processes of the browser, as Linux counts it, after the cards were scrolled
through from the first to the last.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

from vault import write_vault

CARDS_A_NOTE = 4.5
EMPTY = "data:text/html,<!doctype html><title>empty</title>"
LOADED = "return document.documentElement.classList.contains('ready') ? performance.now() : 0"
TIMES = """
const page = performance.getEntriesByType("navigation")[0];
const paint = performance.getEntriesByName("first-contentful-paint")[0];
return [page.domComplete, paint ? paint.startTime : 0];
"""
SCROLL = """
const gaps = [];
let last = performance.now();
const step = (now) => {
  gaps.push(now - last);
  last = now;
  scrollBy(0, innerHeight * 0.9);
  if (scrollY + innerHeight < document.documentElement.scrollHeight - 4) requestAnimationFrame(step);
  else window.scrolled = [gaps.length, Math.max(...gaps), gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)]];
};
requestAnimationFrame(step);
"""
SEARCH = """
const box = document.getElementById("search"), count = document.getElementById("count"), done = arguments[0];
const start = performance.now();
const seen = () => requestAnimationFrame(() => done(performance.now() - start));
new MutationObserver(seen).observe(count, {childList: true});
box.value = "sparse reward";
box.dispatchEvent(new Event("input", {bubbles: true}));
"""


def _started() -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1360,900"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def _descendants(root: int) -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended meanwhile.
        parents[int(stat.parent.name)] = int(fields[1])
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory(root: int) -> float:
    """Return the memory of a process and all below it in megabytes."""
    total = 0
    for process in _descendants(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # It ended meanwhile.
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / 1e6


def _opened(url: str) -> tuple[WebDriver, float]:
    driver = _started()
    start = time.perf_counter()
    driver.get(url)
    if not url.startswith("data:"):
        WebDriverWait(driver, 60, 0.01).until(lambda one: one.execute_script(LOADED))
    return driver, time.perf_counter() - start


def measure(page: Path) -> None:
    """Print what the page takes."""
    driver, _ = _opened(EMPTY)
    time.sleep(2)
    empty = memory(driver.service.process.pid)
    driver.quit()
    driver, seconds = _opened(page.as_uri())
    complete, painted = driver.execute_script(TIMES)
    time.sleep(2)
    loaded = memory(driver.service.process.pid)
    driver.execute_script(SCROLL)
    waiting = WebDriverWait(driver, 600, 1)
    frames, worst, most = waiting.until(lambda one: one.execute_script("return window.scrolled"))
    scrolled = memory(driver.service.process.pid)
    driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
    time.sleep(1)
    kept = memory(driver.service.process.pid)
    search = driver.execute_async_script(SEARCH)
    driver.quit()
    print(f"page           {page.stat().st_size / 1e6:8.1f} MB")
    print(f"ready          {seconds:8.2f} s (complete {complete / 1000:.2f} s, first paint {painted / 1000:.2f} s)")
    print(f"memory         {loaded - empty:8.0f} MB more than an empty page ({empty:.0f} MB)")
    print(f"all scrolled   {scrolled - empty:8.0f} MB more")
    print(f"of that kept   {kept - empty:8.0f} MB more, once what is no longer used is collected")
    print(f"scrolling      {frames:8.0f} frames, 95 of 100 below {most:.0f} ms, the longest {worst:.0f} ms")
    print(f"search         {search:8.0f} ms from key to picture")


def main() -> None:
    """Make notes, their preview, and measure it."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--cards", type=int, default=5000)
    options.add_argument("--work", type=Path, help="where to keep notes and page")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        notes, page = work / "notes", work / "preview.html"
        write_vault(notes, int(given.cards / CARDS_A_NOTE))
        mkcards = str(Path(sysconfig.get_path("scripts")) / "mkcards")
        start = time.perf_counter()
        command = [mkcards, "preview", str(notes), "-o", str(page)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        print(f"{said.stdout.strip()} in {time.perf_counter() - start:.1f} s")
        measure(page.resolve())


if __name__ == "__main__":
    main()
