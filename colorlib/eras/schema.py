"""What the file of an era holds: claims with sources, film, colors, queries.

The names of the fields are those of the file, and no field may be missing.
`catalog` reads and checks it. Chapter 15.
"""

from dataclasses import dataclass, fields

UNSOURCED = "unsourced"
ORDER_OF_HUES = "order of hues"
HUES_ALONE = "hues"
DOCUMENTED = (ORDER_OF_HUES, HUES_ALONE, "shades", "nothing")
"""What may be documented of a color. Only shades can be scored as color
differences; an order of hues says which of two is which."""
HUES = {"red": 30.0, "yellow": 90.0, "green": 150.0, "blue": 280.0}
"""What a documented hue may be: hue angles of CIE L*a*b*, in degrees. They are
our own choice, round, and no shades: whatever is within 30 degrees counts."""
ARCHIVES = {"commons": ("category", "search"), "loc": ("search",)}
"""Where `colorlib eras fetch` can look, and in which ways."""

Years = tuple[int, int]  # the first and the last, both included
Shares = dict[str, float]  # of each emulsion of `film.EMULSIONS`; sum 1
Parts = dict[str, str]  # what is called how, and its hue, a key of `HUES`


@dataclass(frozen=True)
class Claim:
    """A sentence, and who says so."""

    says: str
    """The sentence."""
    source: str
    """Where it is from: a citation or an address; or `UNSOURCED`."""


@dataclass(frozen=True)
class FilmPrior:
    """Which emulsions to expect in some years."""

    years: Years
    """First and last."""
    shares: Shares
    """The share of each emulsion."""
    source: str
    """Where the shares are from; or `UNSOURCED`."""


@dataclass(frozen=True)
class DocumentedColor:
    """A thing of which something is documented, and what is not."""

    thing: str
    """What it is."""
    korean: str
    """Its Korean name."""
    documented: str
    """How much, one of `DOCUMENTED`."""
    parts: Parts
    """The documented hue of each part: of two hues or more if their order is
    documented. Empty if nothing or white, gray or black is."""
    says: str
    """What the source says."""
    unknown: str
    """What it doesn't say."""
    source: str
    """Where it is from; or `UNSOURCED`."""


@dataclass(frozen=True)
class Collection:
    """A query to an archive."""

    archive: str
    """A key of `ARCHIVES`."""
    kind: str
    """How it is asked."""
    query: str
    """What is asked."""
    language: str
    """The query's: en or ko."""
    source: str
    """Who saw that it finds photographs of the era; or `UNSOURCED`."""


@dataclass(frozen=True)
class Era:
    """An era, with all that its file says."""

    name: str
    """What commands call it: the file's name."""
    title: str
    """Its name in English."""
    korean: str
    """Its name in Korean."""
    years: Years
    """First and last."""
    source: str
    """Why these years."""
    film: tuple[FilmPrior, ...]
    """Which film to expect; the priors cover all years."""
    film_facts: tuple[Claim, ...]
    """What the priors lean on."""
    kinds: tuple[Claim, ...]
    """Kinds of photographs that exist."""
    colors: tuple[DocumentedColor, ...]
    """Documented colors."""
    collections: tuple[Collection, ...]
    """Where to look for photographs."""
    rights: tuple[Claim, ...]
    """What is known of rights."""
    true_color: tuple[Claim, ...]
    """Photographs that were taken in color."""

    @property
    def sources(self) -> list[str]:
        """The source of every claim, in the order of the file."""
        lists = [
            getattr(self, each.name)
            for each in fields(self)
            if each.type not in (str, Years)
        ]
        return [self.source, *(each.source for part in lists for each in part)]
