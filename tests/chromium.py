"""Chromium for tests: pages whose errors, and requests to anywhere else, fail the test."""

import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

WITHOUT = (
    # the address bar is a page itself, for each window: it takes longer than the page under test
    "AiModeOmniboxEntryPoint", "InitialWebUI", "PreloadTopChromeWebUI", "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup", "WebUIOmniboxPopup",
    # what Playwright switches off: of two such flags, the last one counts
    "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync",
         f"--disable-features={','.join(WITHOUT)}"]  # fmt: skip
SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 720}, "has_touch": True, "is_mobile": True},
}


def executable():
    """Return where Debian's Chromium is."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed: apt-get install chromium"
    return path


@contextmanager
def launched():
    """Start Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def visiting(browser, home, screen="desk", *, who=None, loses_the_server=False, others_page=False):
    """Return a page for a site, or for a file.

    Parameters
    ----------
    home : str
        The only host, with its port, that the page may ask anything of.
    who : str, optional
        Who sits there, as the pages of curators remember it.
    loses_the_server : bool, optional
        Whether errors on the console, which say that it does not answer, are meant.
    others_page : bool, optional
        Whether the page is another project's, whose complaints on the console are its own.
    """
    context = browser.new_context(**SCREENS[screen])
    if who is not None:
        context.add_init_script(
            f"if (location.protocol === 'http:') localStorage.setItem('wk-who', '{who}')"
        )
    page = context.new_page()
    errors, strangers = [], []

    def hear(said):
        if said.type == "error" and not loses_the_server and not others_page:
            errors.append(f"{said.text} {said.location['url']}")

    def watch(request):
        if request.url.startswith("http") and urlsplit(request.url).netloc != home:
            strangers.append(request.url)

    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", watch)
    yield page
    context.close()
    assert errors == []
    assert strangers == [], "no request leaves the machine"
