"""Which film a photograph was made on, as far as its date tells.

A period is plain data: how large the share of each emulsion was, and between
which values everything else lies. The years from which a film could see more
have sources; the shares are estimates from these years, the names are ours,
and so are the ranges of all other settings, wide rather than right.
Chapter 14.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

import torch
from jaxtyping import Float
from torch import Tensor

from colorlib.film.curve import ToneCurve
from colorlib.film.emulsions import EMULSIONS
from colorlib.film.rendering import Film


@dataclass(frozen=True)
class Spread:
    """A setting that differs from photograph to photograph."""

    low: float
    high: float
    share: float = 1.0
    """Of the photographs that have it at all; the others have zero."""


@dataclass(frozen=True)
class Habits:
    """What is the same in all periods, unless a period says otherwise."""

    gamma: Spread = Spread(0.7, 1.4)
    black: Spread = Spread(1.2, 2.0)
    toe: Spread = Spread(0.05, 0.3)
    shoulder: Spread = Spread(0.03, 0.2)
    stops: Spread = Spread(-0.7, 0.7)
    vignetting: Spread = Spread(5.0, 25.0, share=0.5)
    softness: Spread = Spread(0.2, 0.9, share=0.5)
    halation: Spread = Spread(0.1, 0.4, share=0.3)
    grain: Spread = Spread(0.02, 0.2, share=0.7)
    halftone: Spread = Spread(0.0, 0.0, share=0.0)
    fading: Spread = Spread(0.1, 0.5, share=0.35)
    stain: Spread = Spread(0.02, 0.25, share=0.3)
    scratches: Spread = Spread(0.1, 0.6, share=0.15)
    dust: Spread = Spread(0.1, 0.6, share=0.2)
    folds: Spread = Spread(1.0, 1.0, share=0.05)
    noise: Spread = Spread(0.002, 0.015, share=0.5)
    jpeg: Spread = Spread(40.0, 95.0, share=0.5)


# Newspapers and magazines printed photographs as dots.
PRESS = Habits(halftone=Spread(2.0, 3.0, share=0.1))


@dataclass(frozen=True)
class FilmPeriod:
    """A time, and what it photographed on."""

    years: tuple[int, int]
    """First and last."""
    emulsions: Mapping[str, float]
    """The share of each emulsion; they sum to one."""
    source: str
    """Where dates and emulsions are from."""
    habits: Habits = field(default_factory=Habits)
    """Everything else."""


PERIODS = {
    "wet plates": FilmPeriod(
        (1851, 1872),
        {"blue-sensitive": 1.0},
        "before 1873 blue-sensitive only: Luo et al. 2021, Time-Travel"
        " Rephotography, notes on the code",
    ),
    "dry plates": FilmPeriod(
        (1873, 1906),
        {"blue-sensitive": 0.5, "orthochromatic": 0.5},
        "1873 to 1906 blue-sensitive or orthochromatic: Luo et al. 2021",
    ),
    "first panchromatic plates": FilmPeriod(
        (1907, 1924),
        {
            "blue-sensitive": 0.15,
            "orthochromatic": 0.75,
            "panchromatic A": 0.10,
        },
        "panchromatic plates sold from 1906, dearer by two or three times:"
        " Wikipedia, Panchromatic film; panchromatic ciné film from 1922:"
        " Kodak, Chronology of Motion Picture Films",
    ),
    "roll film": FilmPeriod(
        (1925, 1945),
        {
            "orthochromatic": 0.55,
            "panchromatic A": 0.15,
            "panchromatic B": 0.20,
            "panchromatic C": 0.10,
        },
        "Kodak Verichrome, orthochromatic, from 1931:"
        " photo-analogue.blogspot.com, 11 May 2014; classes of panchromatic"
        " film: Thorne Baker 1941",
        PRESS,
    ),
    "after the war": FilmPeriod(
        (1946, 1959),
        {
            "orthochromatic": 0.15,
            "panchromatic A": 0.20,
            "panchromatic B": 0.45,
            "panchromatic C": 0.20,
        },
        "Tri-X as roll film 1954: fourelementsinthreegroups 2019; Verichrome"
        " panchromatic only from 1956: photo-analogue.blogspot.com, 11 May"
        " 2014",
        PRESS,
    ),
    "Tri-X": FilmPeriod(
        (1960, 1989),
        {"Tri-X": 0.5, "panchromatic B": 0.4, "panchromatic C": 0.1},
        "Tri-X reformulated in 1960: fourelementsinthreegroups 2019",
        PRESS,
    ),
}

# How far one film of a kind differs from another, and every emulsion from its
# weights: a factor on each, and a little of colors that it should not see.
SCATTER, LEAK = 0.15, 0.04


def draw_films(
    n: int,
    generator: torch.Generator,
    periods: Sequence[FilmPeriod] = tuple(PERIODS.values()),
) -> Film:
    """Draw a film for each photograph of a batch.

    Args:
        n: how many.
        generator: decides.
        periods: each is as likely as the others.

    Returns:
        A film whose settings are tensors, one value for each photograph, on
        the generator's device.

    See Also:
        Chapter 14.
    """
    where = generator.device
    period = torch.randint(
        len(periods), (n,), generator=generator, device=where
    )
    drawn = {
        setting.name: _draw(
            [getattr(each.habits, setting.name) for each in periods],
            period,
            generator,
        )
        for setting in fields(Habits)
    }
    tone = {f.name: drawn.pop(f.name) for f in fields(ToneCurve)}
    weights = _draw_weights(periods, period, generator)
    return Film(weights=weights, curve=ToneCurve(**tone), **drawn)


def _draw(
    spreads: Sequence[Spread], period: Tensor, generator: torch.Generator
) -> Float[Tensor, " n"]:
    table = torch.tensor(
        [[s.low, s.high, s.share] for s in spreads], device=period.device
    )
    low, high, share = table[period].unbind(1)
    value, has = torch.rand(
        (2, len(period)), generator=generator, device=period.device
    )
    return torch.lerp(low, high, value) * (has < share)


def _draw_weights(
    periods: Sequence[FilmPeriod], period: Tensor, generator: torch.Generator
) -> Float[Tensor, "n 3"]:
    where = period.device
    shares = torch.tensor(
        [[e.emulsions.get(name, 0.0) for name in EMULSIONS] for e in periods],
        device=where,
    )
    kinds = torch.tensor([e.weights for e in EMULSIONS.values()], device=where)
    kind = torch.multinomial(shares[period], 1, generator=generator)[:, 0]
    factor, leak = torch.randn(
        (2, len(period), 3), generator=generator, device=where
    )
    weights = kinds[kind] * (SCATTER * factor).exp() + LEAK * leak.abs()
    return weights / weights.sum(1, keepdim=True)
