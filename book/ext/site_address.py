"""What only a published book needs: a card for links, a page for lost ones.

These two want to know where the book will stand, which is what
`python book/tools/address.py` writes into _config.yml as `baseurl`. Without
it a page that names a picture by its full address would name a wrong one, so
then there are no cards for links (Open Graph), and the page for lost links
(404.html) takes the book to stand at the root of its host.

With the address also come buttons, one of them with a logo.
"""

from urllib.parse import urlsplit

LOST = """\
<h1>There is no such page</h1>
<p>It may have been renamed. The <a href="{root}book/index.html">first page</a>
and the list beside this text lead to all the others, and the search looks
into every one of them.</p>
"""


def use_address(app, config):
    """Hand the address to the extensions that need it."""
    address = config.html_baseurl
    root = urlsplit(address).path or "/"
    config.notfound_urls_prefix = root
    config.notfound_context = {
        "title": "There is no such page",
        "body": LOST.format(root=root),
    }
    if address:
        app.setup_extension("sphinxext.opengraph")
        config.ogp_site_url = address
        config.ogp_site_name = config.html_title
        config.ogp_image = "_static/made/card.jpg"
        config.ogp_image_alt = "Back in Color: a dahlia, gray, colored, true"
        # Pictures with each page's title; they need fonts that may differ.
        config.ogp_social_cards = {"enable": False}


def draw_logos(app, pagename, templatename, context, doctree):
    """Give Colab's button an icon: its logo is a picture without a size."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("icon", "").startswith("_static/"):
                button["icon"] = "fas fa-play"


def setup(app):
    app.setup_extension("notfound.extension")
    app.connect("config-inited", use_address, priority=1)
    # After the theme has made its buttons.
    app.connect("html-page-context", draw_logos, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
