"""One object that a page shows as HTML and a live notebook as an ipywidget.

The page has no kernel, so its HTML holds all frames and a little JavaScript.
The script stands inside the HTML: only pages with a widget pay for it, and a
notebook whose reader has no ipywidgets runs the very same. Chapter 01.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from importlib.resources import files
from typing import Any

from colorlib.figures.picture import Strip
from colorlib.mimebundle import mimebundle

_PAGE = files("colorlib.widgets") / "page"


@dataclass(frozen=True)
class Slider:
    """What one slider is called, and each of its positions."""

    label: str
    positions: list[str]
    start: int


class Widget:
    """A picture, and the sliders that change it.

    Args:
        alt: what the picture shows, for those who can't see it.
        element: the custom element of the page, as HTML.
        sliders: one or two, for the live notebook.
        draw: takes a position of each slider, gives the frame to show and
            what to say below it.

    Raises:
        ValueError: if alt is empty.
    """

    def __init__(
        self,
        alt: str,
        element: str,
        sliders: list[Slider],
        draw: Callable[..., tuple[Strip, str]],
    ):
        if not alt.strip():
            raise ValueError(
                "alt is empty; say what the picture shows, for readers who"
                " can't see it"
            )
        self.alt, self.element = alt, element
        self.sliders, self.draw = sliders, draw

    def __repr__(self) -> str:
        return f"<Widget: {self.alt}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return mimebundle(
            html=self.html, text=repr(self), widget=lambda: self.live
        )

    @property
    def html(self) -> str:
        """The page's version: style, element and script."""
        style = (_PAGE / "frames.css").read_text("utf-8")
        script = (_PAGE / "frames.js").read_text("utf-8")
        return (
            f"<style>\n{style}</style>\n{self.element}\n"
            f"<script>\n{script}</script>\n"
        )

    @cached_property
    def live(self) -> Any:
        """The notebook's version, an ipywidget; the kernel draws."""
        import ipywidgets

        picture = ipywidgets.HTML()
        sliders = [
            ipywidgets.SelectionSlider(
                options=[(p, i) for i, p in enumerate(slider.positions)],
                value=slider.start,
                description=slider.label,
                style={"description_width": "initial"},
            )
            for slider in self.sliders
        ]

        def show(_change: object = None) -> None:
            frame, text = self.draw(*(slider.value for slider in sliders))
            said = f"<div>{escape(text)}</div>"
            picture.value = frame.html(self.alt) + said

        for slider in sliders:
            slider.observe(show, "value")
        show()
        return ipywidgets.VBox([picture, *sliders])
