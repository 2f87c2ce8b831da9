"""The report of an era: numbers, and beside each what it can't show.

One HTML file that works offline, in light, dark and print, and a JSON file
with the same and what it takes to repeat it. Chapter 15.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from html import escape
from typing import Any

from colorlib.data.splits import list_hash
from colorlib.eras.schema import Era
from colorlib.evaluation.era_html import (
    code_block,
    estimate_cell,
    estimates_json,
    meanings_json,
    meanings_table,
    score_table,
)
from colorlib.evaluation.era_parts import EraParts
from colorlib.evaluation.era_scores import (
    BASELINES,
    ERA_PROTOCOL,
    MEANINGS,
    EraScores,
)
from colorlib.evaluation.protocol import versions

ERA_PAGE_START = "<!doctype html>\n<!-- made by colorlib eras evaluate -->\n"
"""How the page begins; another file is not replaced."""
_STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
.scores { overflow-x: auto }
[lang=ko] { word-break: keep-all }
small { display: block; white-space: nowrap }
li small { white-space: normal }
td { font-variant-numeric: tabular-nums }
pre { overflow-x: auto }
@media print { pre { white-space: pre-wrap } }
"""


def era_json(
    scores: EraScores,
    models: Mapping[str, str],
    parts: EraParts | None = None,
    *,
    command: str = "",
) -> str:
    """Write down all numbers, and what it takes to repeat them.

    Args:
        scores: of `measure_era`.
        models: SHA-256 of each model's weights, by its name.
        parts: the protocol's other parts; None leaves them out.
        command: the one that does the same again, if there is one.
    """
    document: dict[str, Any] = {
        "era": scores.era.name,
        "era_protocol": ERA_PROTOCOL,
        **({"command": command} if command else {}),
        "photographs": len(scores.names),
        "list_hash": list_hash(scores.names),
        "left_out": scores.left_out,
        "films": scores.films,
        "crop": scores.crop,
        "models": dict(models),
        "baselines": _baselines(scores),
        "meanings": meanings_json(MEANINGS),
        "film_priors": [asdict(prior) for prior in scores.era.film],
        "ciede2000": estimates_json(scores.estimates),
        "rows": {
            who: dict(zip(scores.names, errors.round(4).tolist(), strict=True))
            for who, errors in scores.errors.items()
        },
        **(parts.as_json() if parts else {}),
        "versions": versions(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def era_page(
    scores: EraScores,
    models: Mapping[str, str],
    parts: EraParts | None = None,
    *,
    command: str = "",
) -> str:
    """Make the page.

    Args:
        scores: of `measure_era`.
        models: SHA-256 of each model's weights, by its name.
        parts: the protocol's other parts; None leaves them out.
        command: the one that does the same again, if there is one.

    Returns:
        HTML that asks no host for anything.
    """
    era = scores.era
    first, last = era.years
    title = f"{era.title}, {first} to {last}"
    return "".join(
        (
            f'{ERA_PAGE_START}<html lang="en"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style><main>",
            f'<h1>{escape(title)} (<span lang="ko">{escape(era.korean)}',
            "</span>)</h1><h2>(a) Simulated film</h2>",
            f"<p>{len(scores.names)} photographs whose color is known, each",
            f" printed on {scores.films} films drawn by the era's priors, aged",
            f" and scanned; center crops of {scores.crop} pixels. CIEDE2000: 0",
            " is equal, smaller is better; in brackets 95 % intervals over",
            " photographs.",
            *(f" Left out: {n}, {why}." for why, n in scores.left_out.items()),
            " Baselines: ",
            "; ".join(f"{n} {does}" for n, does in _baselines(scores).items()),
            ".</p>",
            *_scores(scores),
            "<h3>What each number shows, and what it can't</h3>",
            *meanings_table(MEANINGS),
            "<h3>Films, and who says so</h3><ul>",
            *_films(era),
            "<li>Contrast, grain, ageing, damage and the scan: ranges of",
            " colorlib.film.priors, wide rather than right.",
            "<small>Source: unsourced</small></li></ul>",
            *(parts.html(era) if parts else ()),
            "<h2>To repeat it</h2><p>",
            f"Era protocol {ERA_PROTOCOL}; list of photographs",
            f" {list_hash(scores.names)}.",
            *(f" {escape(who)}: {sha}." for who, sha in models.items()),
            "</p>",
            code_block(command) if command else "",
            "</main></html>\n",
        )
    )


def _baselines(scores: EraScores) -> dict[str, str]:
    """Say what they do; older scores have only gray."""
    return {n: does for n, does in BASELINES.items() if n in scores.errors}


def _scores(scores: EraScores) -> Iterator[str]:
    yield from score_table(
        ("model", *MEANINGS),
        {
            who: [estimate_cell(found.get(n)) for n in MEANINGS]
            for who, found in scores.estimates.items()
        },
    )


def _films(era: Era) -> Iterator[str]:
    for prior in era.film:
        shares = ", ".join(f"{n} {s:.0%}" for n, s in prior.shares.items())
        first, last = prior.years
        yield f"<li>{first} to {last}: {escape(shares)}"
        yield f"<small>Source: {escape(prior.source)}</small></li>"
    for claim in era.film_facts:
        yield f"<li>{escape(claim.says)}"
        yield f"<small>Source: {escape(claim.source)}</small></li>"
