"""A race against gray: how long a training takes to get better than nothing.

The rules are fixed, so that everybody's minutes mean the same:

- The clock runs while a network is trained. It stands while photographs are
  decoded and while the network is scored.
- The network is looked at whenever the clock shows 10 seconds more than at
  the look before, later 5 % more. Nobody chooses when.
- A look scores the first 200 of the 2,000 validation photographs, in the
  order of the hashes of their names. Only while that leaves the bar possible
  (it is not beyond the 95 % interval) are 600 scored, and then all 2,000. An
  error is that of the protocol.
- The bar is 1.5 CIEDE2000 below gray, the mean over photographs. A look is
  over it if the whole 95 % interval of the difference on all 2,000 is.
- The race is won at the first of two looks in a row that are over it. So
  one lucky look among many wins nothing: chance in the photographs is in the
  interval, chance in the weights has to hold for one more look.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from colorlib.files import replacing
from colorlib.models.generator import Generator
from colorlib.training.progress import Progress

RACE = "race.json"
"""The file in a race's folder that it goes on from."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What has to be equal before two races may be compared."""

    number: int = 1
    """To be raised with any change of the rules."""
    bar: float = 1.5
    """How far below gray, CIEDE2000."""
    photographs: int = 2_000
    """How many are scored when it counts."""
    early: tuple[int, ...] = (200, 600)
    """How many of them are scored before."""
    least: float = 10.0
    """Seconds from look to look, at least."""
    growth: float = 0.05
    """The same as a share of the seconds so far."""

    def __post_init__(self) -> None:
        # JSON has lists.
        object.__setattr__(self, "early", tuple(self.early))

    def next_look(self, seconds: float) -> float:
        """When to look again.

        >>> Rules().next_look(0), Rules().next_look(1000)
        (10.0, 1050.0)
        """
        return seconds + max(self.least, self.growth * seconds)


@dataclass(frozen=True)
class Score:
    """The difference to gray, CIEDE2000; below 0 is better than gray."""

    photographs: int
    """How many were scored."""
    difference: float
    """Its mean over them."""
    low: float
    """Where its 95 % interval begins."""
    high: float
    """And where it ends."""


Ask = Callable[[int], Score]  # scores one network on so many photographs


@dataclass(frozen=True)
class Look:
    """A point of the curve."""

    seconds: float
    """Of training."""
    step: int
    """Steps of training."""
    seen: int
    """Photographs seen, each time counted."""
    score: Score
    """How the network did."""

    def over(self, rules: Rules) -> bool:
        """Whether it is over the bar, on all photographs."""
        counts = self.score.photographs == rules.photographs
        return counts and self.score.high < -rules.bar


def crossing(looks: Sequence[Look], rules: Rules) -> Look | None:
    """Find the look that won: the first of two in a row over the bar.

    Args:
        looks: the curve.
        rules: say where the bar is.

    Returns:
        The look; None if there is none yet.
    """
    for first, second in zip(looks, looks[1:], strict=False):
        if first.over(rules) and second.over(rules):
            return first
    return None


@dataclass
class Race:
    """A race under way: its clock, and what was seen so far."""

    rules: Rules = Rules()
    """What it is run by."""
    looks: list[Look] = field(default_factory=list)
    """The curve so far."""
    seconds: float = 0.0
    """What the clock shows."""
    step: int = 0
    """Steps of training."""

    @property
    def won(self) -> Look | None:
        """The look that won, if one has."""
        return crossing(self.looks, self.rules)

    @property
    def due(self) -> float:
        """When to look next, seconds."""
        before = self.looks[-1].seconds if self.looks else 0.0
        return self.rules.next_look(before)

    def go_back(self, step: int) -> None:
        """Go on from a checkpoint, with the clock that it had.

        What was done after it is done again, and so are its looks. Between
        looks the clock ran evenly.

        Args:
            step: the checkpoint's.
        """
        self.looks = [look for look in self.looks if look.step <= step]
        known = [(0, 0.0), *((x.step, x.seconds) for x in self.looks)]
        if self.step > known[-1][0]:
            known.append((self.step, self.seconds))
        (a, begin), (b, end) = known[-2:] if len(known) > 1 else known * 2
        pace = (end - begin) / max(b - a, 1)
        self.step, self.seconds = step, end + (step - b) * pace

    def follow(
        self,
        run: Iterator[Progress],
        score: Callable[[Generator], Ask],
        *,
        limit: float,
        batch_size: int,
        began_at: Callable[[], int],
        on_progress: Callable[["Race"], object],
        on_look: Callable[["Race"], object],
    ) -> None:
        """Watch a training until the race is won, or ends without.

        Args:
            run: the training, from where it is.
            score: makes of a generator what scores it, as it is, on the first
                so many photographs: first on few.
            limit: seconds on the clock at which the race ends.
            batch_size: photographs a step.
            began_at: says which step `run` began at, once it has.
            on_progress: called whenever the training is heard of.
            on_look: called after each look.
        """
        before: float | None = None
        for now in run:
            if before is None:
                self.go_back(began_at())
                before = self.seconds
            self.seconds, self.step = before + now.seconds, now.step
            on_progress(self)
            if self.won or self.seconds > limit:
                return
            if now.G is not None and self._is_time(now.finished):
                self._look(now.G, score, batch_size)
                on_look(self)
                if self.won:
                    return

    def _is_time(self, finished: bool) -> bool:
        """Whether to look now; never twice at the same network."""
        if self.looks and self.looks[-1].step == self.step:
            return False
        return self.seconds >= self.due or finished

    def _look(
        self,
        G: Generator,
        score: Callable[[Generator], Ask],
        batch_size: int,
    ) -> None:
        """Score a few photographs; more of them while the bar is possible."""
        rules, ask = self.rules, score(G)
        found = None
        if not (self.looks and self.looks[-1].over(rules)):
            for number in rules.early:
                found = ask(number)
                if found.low >= -rules.bar:
                    break
        if found is None or found.low < -rules.bar:
            found = ask(rules.photographs)
        seen = self.step * batch_size
        look = Look(round(self.seconds, 2), self.step, seen, found)
        self.looks.append(look)

    def save(self, folder: Path, asked_for: dict[str, Any]) -> None:
        """Write down what to go on from.

        Args:
            folder: the race's.
            asked_for: what the race is, to be compared with what is asked
                for the next time.
        """
        content = asdict(self) | {"asked_for": asked_for}
        with replacing(folder / RACE) as part:
            part.write_text(json.dumps(content, indent=2) + "\n")


def resume_race(folder: Path, asked_for: dict[str, Any], rules: Rules) -> Race:
    """Read a race to go on with, or begin one.

    Args:
        folder: the race's.
        asked_for: see `Race.save`.
        rules: the rules of now.

    Raises:
        ValueError: if the folder holds another race, or none that can be
            read.
    """
    path = folder / RACE
    if not path.exists():
        return Race(rules)
    try:
        kept = json.loads(path.read_bytes())
        looks = [
            Look(**look | {"score": Score(**look["score"])})
            for look in kept["looks"]
        ]
        before, then = kept["asked_for"], Rules(**kept["rules"])
        race = Race(then, looks, kept["seconds"], kept["step"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is no race that can be gone on with ({error}); give"
            " another --work"
        ) from error
    if (before, then) != (asked_for, rules):
        raise ValueError(
            f"{folder} holds another race ({before}, rules {then.number});"
            " give the same, or another --work"
        )
    return race
