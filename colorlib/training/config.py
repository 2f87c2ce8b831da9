"""What can be set when training, and what the course sets.

Plain frozen dataclasses without torch: the command line makes its options
and their help from them, and its complaints: a number that makes no sense is
refused here, before anything is loaded or decoded. Chapter 10.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from math import inf
from typing import Any, ClassVar

from colorlib.models.catalog import describe_generators


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """What all ways of training share.

    Raises:
        ValueError: if a number is out of its range; the same goes for the
            settings of each way.
    """

    method: ClassVar[str]
    """What the command line calls this way of training."""
    epochs: int = 20
    """How often each photograph is seen."""
    batch_size: int = 16
    """Photographs a step, all processes together."""
    size: int = 256
    """Side of the squares trained on, pixels."""
    validation: float = 0.2
    """Share of the photographs kept out of training, by the hashes of their
    names. (COCO is split as in the deck, 8,000 and 2,000.)"""
    photographs: int | None = None
    """Train on no more photographs than this, chosen by the hashes of their
    names; default: on all."""
    squash: bool = False
    """Squash photographs into a square, as the deck does, not crop."""
    smallest_side: int | None = None
    """Cut squares from this side on and shrink them to the size; default:
    the size itself."""
    largest_side: int | None = None
    """Cut squares up to this side; photographs are kept at this size."""
    mirror: bool = True
    """Mirror half of the photographs, chosen anew in each epoch."""
    seed: int = 0
    """Decides the first weights, the order, the crops and the mirroring."""
    precision: str = "auto"
    """Arithmetic of the networks: "no" (32 bits), "bf16", "fp16" or "auto"."""
    accumulate: int = 1
    """Parts that a batch is computed in, one after the other; more of them
    need less memory."""

    def __post_init__(self) -> None:
        counts = "epochs", "batch_size", "size", "accumulate"
        self._check(counts, "at least 1", lambda x: x >= 1)
        may_be_none = "photographs", "smallest_side", "largest_side"
        given = [n for n in may_be_none if getattr(self, n) is not None]
        self._check(given, "at least 1", lambda x: x >= 1)
        # All of them kept for validation would leave none to train on.
        self._check(["validation"], "from 0 to below 1", lambda x: 0 <= x < 1)
        self._check(["seed"], "0 or larger", lambda x: x >= 0)
        low, high = self.sides
        if low > high:
            raise ValueError(
                f"smallest_side must be at most largest_side, got {low} and"
                f" {high}; what isn't set is the size, {self.size}"
            )

    def _check(
        self,
        names: Iterable[str],
        wanted: str,
        suits: Callable[[float | int], bool],
    ) -> None:
        """Refuse the first of these settings that doesn't suit."""
        for name in names:
            value = getattr(self, name)
            # Written so that nan suits nowhere.
            if not (suits(value) and value < inf):
                raise ValueError(f"{name} must be {wanted}, got {value}")

    @property
    def kept_size(self) -> int:
        """The shorter side at which photographs are cached, pixels."""
        return self.largest_side or self.size

    @property
    def sides(self) -> tuple[int, int]:
        """Smallest and largest side of the squares that are cut, pixels."""
        return self.smallest_side or self.size, self.kept_size


@dataclass(frozen=True, kw_only=True)
class ColorConfig(TrainConfig):
    """What both ways of training a generator share."""

    generator: str = field(
        default="unet", metadata={"choices": describe_generators()}
    )
    """Network that colors: a name, or trained weights to start from: a file,
    the folder of a run, or model2."""
    width: int | None = None
    """Channels of U-Net and discriminator after their first layer; default:
    64, as in the deck."""
    backbone: str | None = None
    """Pretrained weights: a file; for "resunet" (a ResNet-18) also the run
    that trained it, "imagenet" or "distilled"."""
    bounded: bool = False
    """Keep the colors of a "resunet" in the range of model 1, by a tanh."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.width is not None:
            self._check(["width"], "at least 1", lambda x: x >= 1)


@dataclass(frozen=True, kw_only=True)
class AdamWConfig(TrainConfig):
    """What the two ways share that train one network with AdamW."""

    learning_rate: float = 1e-4
    """Adam's learning rate: its peak if it follows one cycle."""
    one_cycle: bool = False
    """Let the rate rise for a fifth of the steps, then fall to zero; the
    deck keeps it constant."""
    weight_decay: float = 0.0
    """How strongly weights are pulled to zero (decoupled, as in AdamW)."""
    gamma_jitter: float = 1.0
    """Augmentation: show each photograph lighter or darker, by a gamma of up
    to this, drawn anew each time; 1 shows it as it is."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check(["learning_rate"], "larger than 0", lambda x: x > 0)
        self._check(["weight_decay"], "0 or larger", lambda x: x >= 0)
        self._check(["gamma_jitter"], "1 or larger", lambda x: x >= 1)


@dataclass(frozen=True, kw_only=True)
class PretrainConfig(AdamWConfig, ColorConfig):
    """The generator alone, supervised, with L1: the deck's second model."""

    method = "pretrain"
    loss: str = "l1"
    """What to minimize: "l1" as in the deck, or "cross-entropy" over bins of
    color (compact generator only)."""
    dropout: float | None = None
    """Share of the channels that are dropped while training, against
    overfitting (compact generator only); default: as it was made."""
    backbone_lr: float = 1.0
    """Learning rate of the backbone (generators "compact" and "resunet"), as
    a share of the learning rate."""
    freeze_stages: int = 0
    """Stages of the backbone, from the first, whose weights don't learn; their
    batch norms go on counting (generators "compact" and "resunet")."""
    ensemble: list[str] = field(default_factory=list)
    """Trained compact networks, or folders of their runs, to learn from (loss
    "cross-entropy" only); one option for each."""
    ensemble_weight: float = 0.5
    """How much the ensemble's colors count beside the true ones: 1 for these
    colors alone."""
    average: float = 0.0
    """Keep an average of the weights over the steps: what it keeps of itself
    at each, such as 0.999. It is what is saved to color with. 0: none."""
    film: float = 0.0
    """Augmentation: show this share of the photographs as a film of some
    period would have rendered them. An ensemble sees them as they are."""

    def __post_init__(self) -> None:
        super().__post_init__()
        shares = "ensemble_weight", "film"
        self._check(shares, "from 0 to 1", lambda x: 0 <= x <= 1)
        self._check(["average"], "from 0 to below 1", lambda x: 0 <= x < 1)
        if self.ensemble and self.loss != "cross-entropy":
            raise ValueError(
                "an ensemble teaches a choice among bins of color; set the"
                f' loss "cross-entropy", got {self.loss!r}'
            )
        self._check(
            ["backbone_lr", "freeze_stages"], "0 or larger", lambda x: x >= 0
        )
        if self.dropout is not None:
            self._check(["dropout"], "from 0 to below 1", lambda x: 0 <= x < 1)


@dataclass(frozen=True, kw_only=True)
class GanConfig(ColorConfig):
    """Generator against discriminator: the deck's first model, pix2pix."""

    method = "gan"
    l1_weight: float = 100.0
    """Lambda: how much closeness to the true color counts beside fooling
    the discriminator."""
    gan_weight: float = 1.0
    """How much fooling the discriminator counts; at 0 it looks on, and L1
    alone teaches."""
    adversarial: str = "vanilla"
    """Adversarial loss: "vanilla" (cross-entropy) or "least-squares"."""
    joint_batch: bool = False
    """Give the discriminator real and generated photographs in one batch, so
    that its batch norm normalizes both alike; default: in two, as the deck."""
    learning_rate_G: float = 2e-4
    """Adam's learning rate for the generator."""
    learning_rate_D: float = 2e-4
    """Adam's learning rate for the discriminator."""
    decay: float = 0.0
    """Share of the steps, the last ones, in which both rates fall to zero on
    a line; 0 keeps them constant, as in the deck."""
    beta1: float = 0.5
    """Adam's first beta; the usual 0.9 lets GANs oscillate."""
    beta2: float = 0.999
    """Adam's second beta."""

    def __post_init__(self) -> None:
        super().__post_init__()
        # A rate of 0 leaves one of the two as it is.
        weights = "l1_weight", "gan_weight"
        numbers = "learning_rate_G", "learning_rate_D", *weights
        self._check(numbers, "0 or larger", lambda x: x >= 0)
        self._check(["decay"], "from 0 to 1", lambda x: 0 <= x <= 1)
        betas = "beta1", "beta2"
        self._check(betas, "from 0 to below 1", lambda x: 0 <= x < 1)


@dataclass(frozen=True, kw_only=True)
class DistillConfig(AdamWConfig):
    """A ResNet-18 for gray photographs, taught by networks that classify.

    What it leaves is the backbone of a "resunet". Chapter 11.
    """

    method = "distill"
    teachers: list[str] = field(default_factory=list)
    """Files of networks that were trained on ImageNet, to learn from; one
    option for each."""
    teacher_size: int | None = None
    """Side at which teachers see the squares, enlarged: they were trained on
    larger ones. Default: the size itself."""
    temperature: float = 2.0
    """Divides the logits before the softmax: above 1, the classes that a
    teacher finds less likely count for more."""
    feature_weight: float = 1.0
    """How much the teachers' pooled features count beside their classes."""
    mixup: float = 1.0
    """Augmentation: mix pairs of photographs in a share drawn from the beta
    distribution with this parameter (1: any share alike); 0 mixes none."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check(["temperature"], "larger than 0", lambda x: x > 0)
        if self.teacher_size is not None:
            self._check(["teacher_size"], "at least 1", lambda x: x >= 1)
        weights = "feature_weight", "mixup"
        self._check(weights, "0 or larger", lambda x: x >= 0)


METHODS: dict[str, type[PretrainConfig | GanConfig | DistillConfig]] = {
    kind.method: kind for kind in (PretrainConfig, GanConfig, DistillConfig)
}


def default_settings(method: str) -> dict[str, Any]:
    """Look up what is set when nobody sets anything.

    A run that began before a setting existed was trained with its default,
    and its `run.json` doesn't name it.

    Args:
        method: a key of `METHODS`.

    Returns:
        Every setting by name; none if there is no such method.

    Example:
        >>> default_settings("gan")["beta1"]
        0.5
    """
    return asdict(METHODS[method]()) if method in METHODS else {}
