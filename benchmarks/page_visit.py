"""A visitor in Debian's Chromium, without a GPU and on a slow line, whose page is measured."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
import chromium as tested

SCREEN = {"width": 1400, "height": 900}
LINE_MBIT, LATENCY_MS = 20, 20
FLAGS = [*tested.FLAGS, "--disable-gpu"]
TICK_S = 1 / 60

WATCH = """
performance.setResourceTimingBufferSize(100000);
const seen = (window.seen = { frames: null, look: null, met: 0 });
seen.drawn = seen.pressed = seen.released = seen.typed = seen.saved = 0;
const stamp = (name) => (event) => (seen[name] = event.timeStamp);
addEventListener("click", stamp("pressed"), true);
addEventListener("change", stamp("pressed"), true);
addEventListener("input", stamp("typed"), true);
addEventListener("pointerup", stamp("released"), true);
const tick = (now) => {
  if (seen.frames) seen.frames.push(now);
  if (seen.look?.()) [seen.met, seen.look] = [performance.now(), null];
  requestAnimationFrame(tick);
};
requestAnimationFrame(tick);
for (const name of ["clearRect", "drawImage"]) {
  const draw = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...given) {
    if (this.canvas.closest(".marks")) seen.drawn = performance.now();
    return draw.apply(this, given);
  };
}
const save = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  if (/csv/.test(blob.type)) seen.saved = performance.now();
  return save(blob);
};
"""
"""Notes in the page when frames were shown, what was pressed, and when a canvas was drawn on."""

AWAITED = """([found]) => {
  const look = new Function("return " + found);
  return new Promise((resolve, reject) => {
    const end = performance.now() + 300_000;
    const again = () => {
      if (performance.now() > end) reject(new Error("not seen in 300 s: " + found));
      if (document.documentElement && look()) resolve(performance.now());
      else requestAnimationFrame(again);
    };
    again();
  });
}"""
"""Resolves with the time of the first frame that has something, or gives it up."""

READ = """(until) => {
  const [page] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource").filter((one) => one.responseEnd <= until);
  return [page, ...files].map((one) => [one.name, one.responseEnd, one.transferSize]);
}"""
"""The files read until a time, with the end and the bytes of each, headers included."""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Start Debian's Chromium without a GPU."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=tested.executable(), args=[*FLAGS, *flags]
        )
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page opened for the first time on a slow line: nothing of it is cached.

    Attributes
    ----------
    page : Page
        The page; its clock is ``performance.now()``, in milliseconds since it was asked for.
    """

    def __init__(self, page: Page, session: CDPSession, browser: Browser) -> None:
        self.page = page
        self._session = session
        self._browser = browser

    def open(self, address: str, shown: str) -> float:
        """Open an address; return the milliseconds until the expression ``shown`` is true."""
        self.page.goto(address, wait_until="commit")
        return self.until(shown)

    def until(self, shown: str) -> float:
        """Wait for an expression in the page to be true; return when that was."""
        return float(self.page.evaluate(AWAITED, [shown]))

    def expect(self, shown: str) -> None:
        """From now on look at each frame whether an expression is true: see :meth:`met`."""
        self.page.evaluate("(shown) => { seen.look = new Function('return ' + shown); }", shown)

    def met(self) -> float:
        """Wait for what is expected; return the time of the first frame that had it."""
        self.until("!seen.look")
        return self.noted("met")

    def noted(self, name: str) -> float:
        """Return a time that the page has noted: ``pressed``, ``typed``, ``drawn``, ``saved``."""
        return float(self.page.evaluate(f"seen.{name}"))

    def forget(self) -> None:
        """Forget the times that the page has noted."""
        self.page.evaluate("seen.drawn = seen.pressed = seen.typed = seen.saved = 0")

    def read(self, until: float = 1e12) -> list[tuple[str, float, int]]:
        """Return the name, the end and the bytes of each file read until a time."""
        return [tuple(one) for one in self.page.evaluate(READ, until)]

    def n_bytes(self, until: float = 1e12) -> int:
        """Return the bytes read until a time, headers included."""
        return sum(size for *_, size in self.read(until))

    def quiet(self, rest_ms: int = 400) -> float:
        """Wait until no canvas has been drawn on for a while; return when it last was."""
        self.until(f"performance.now() - seen.drawn > {rest_ms}")
        return self.noted("drawn")

    def drawn(self) -> float:
        """Wait for canvases to be drawn on, and to rest; return when they last were."""
        self.until("seen.drawn")
        return self.quiet()

    def frames(self, moves: Iterator[None]) -> np.ndarray:
        """Return the milliseconds between frames while something is done."""
        self.page.evaluate("seen.frames = []")
        for _ in moves:
            pass
        times = self.page.evaluate("seen.frames.splice(0)")
        self.page.evaluate("seen.frames = null")
        return np.diff(np.array(times))

    def heap(self) -> dict[str, float]:
        """Return megabytes after a collection of garbage: of scripts, and of the whole tab."""
        for _ in range(2):
            self._session.send("HeapProfiler.collectGarbage")
        used = self._session.send("Runtime.getHeapUsage")
        objects = used["usedSize"] + used.get("embedderHeapUsedSize", 0)
        arrays = used.get("backingStorageSize", 0)
        return {"objects": objects / 1e6, "arrays": arrays / 1e6, "tab": self._tab() / 1e6}

    def _tab(self) -> int:
        """Return the bytes that the largest process of a page holds."""
        session = self._browser.new_browser_cdp_session()
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        session.detach()
        return max(_held(one["id"]) for one in found if one["type"] == "renderer")


def _held(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    return 1024 * int(found[1]) if found else 0


@contextmanager
def visit(browser: Browser, *, line: bool = True) -> Iterator[Visit]:
    """Open an empty page in a profile of its own, on a line of 20 Mbit/s or on none."""
    context = browser.new_context(viewport=SCREEN, accept_downloads=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    session = context.new_cdp_session(page)
    if line:
        bytes_per_s = LINE_MBIT * 1e6 / 8
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": bytes_per_s,
                "uploadThroughput": bytes_per_s,
            },
        )
    try:
        yield Visit(page, session, browser)
    finally:
        context.close()


def drags(page: Page, n: int = 6, steps: int = 45, step_px: int = 12) -> Iterator[None]:
    """Drag the map to and fro, in all directions, with what follows of each fling."""
    x, y = SCREEN["width"] * 0.6, SCREEN["height"] * 0.5
    for number in range(n):
        angle = 2.4 * number
        dx, dy = step_px * np.cos(angle), step_px * np.sin(angle)
        page.mouse.move(x, y)
        page.mouse.down()
        for step in _ticks(steps):
            page.mouse.move(x + dx * (step + 1) / 2, y + dy * (step + 1) / 2)
            yield
        page.mouse.up()
        page.wait_for_timeout(300)


def zooms(page: Page, ways: Sequence[int]) -> Iterator[None]:
    """Turn the wheel over the middle of the map: 1 nearer, -1 farther."""
    page.mouse.move(SCREEN["width"] * 0.6, SCREEN["height"] * 0.5)
    for way in ways:
        for _ in _ticks(6):
            page.mouse.wheel(0, -40 * way)
            yield
        page.wait_for_timeout(500)


def _ticks(n: int) -> Iterator[int]:
    """Yield numbers in step with the frames of a screen."""
    begin = time.perf_counter()
    for number in range(n):
        time.sleep(max(0.0, begin + number * TICK_S - time.perf_counter()))
        yield number


def pace(intervals: np.ndarray) -> str:
    """Return frames per second: by the median interval, and by that of one in twenty."""
    median, slow = np.quantile(intervals, (0.5, 0.95))
    return f"{_rate(median)} ({_rate(slow)})"


def _rate(interval_ms: float) -> str:
    frames = 1000 / interval_ms
    return f"{frames:.0f}" if frames >= 1 else f"{frames:.2g}"
