"""A browser at a page of ours that is one file, with somebody before it."""

ADDRESS = "http://book.test/"
# Some browsers let a page keep nothing.
FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("forbidden", "SecurityError"); }})"""


class Visitor:
    """Opens the page; at the end it must have asked no host for anything.

    Args:
        browser: Playwright's.
        html: the page.
        scripts: run before the page's own.
        context: options of the browser's context.
    """

    def __init__(self, browser, html, *, scripts=(), **context):
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.html = html
        self.context = browser.new_context(**context)
        for script in scripts:
            self.context.add_init_script(script)
        self.open()

    def open(self, html=None):
        """Open the page in another tab, or another page in its place."""
        self.html = html or self.html
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)
        self.page.route("**/*", self._answer)
        self.page.goto(ADDRESS, wait_until="domcontentloaded")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()
        assert self.errors == []
        assert set(self.asked) <= {ADDRESS, f"{ADDRESS}favicon.ico"}

    def _note(self, message):
        if message.type == "error" and "favicon" not in message.location["url"]:
            self.errors.append(message.text)

    def _answer(self, route):
        self.asked.append(route.request.url)
        if route.request.url == ADDRESS:
            route.fulfill(body=self.html, content_type="text/html")
        else:
            route.fulfill(status=404)
