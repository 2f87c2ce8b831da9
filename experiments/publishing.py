"""Publishing a run: what pages show of it, all of it or nothing."""

import json
import shutil
from statistics import fmean

import torch
from recording import Job

from colorlib.course.recorded import LOOKS
from colorlib.data.batches import lab_batch
from colorlib.data.crops import center_square
from colorlib.data.training_set import training_photos
from colorlib.files import replacing_folder
from colorlib.training.recipes import differences, find_recipe
from colorlib.training.run_folder import METRICS, RUN

MOST = 1000  # photographs on which gray's loss is computed


def publish(job: Job) -> None:
    """Put what pages show into the results, all of it or nothing.

    A folder of that name is replaced.

    Args:
        job: the run; it is trained and scored.

    Raises:
        OSError: if a file is missing, or can't be written.
        ValueError: if its reports are on different photographs.
    """
    run = json.loads((job.work / RUN).read_text())
    # Reports of other epochs may be there, of an earlier command.
    reports = [job.report(epoch) for epoch in job.recipe.scored]
    found = [json.loads(path.read_text()) for path in reports]
    if len({report["list_hash"] for report in found}) > 1:
        raise ValueError(
            f"not every photograph could be read for each report in {job.work};"
            " delete report*.json there, and run the same command"
        )
    scored_on = found[-1]["groups"]["all"]["n"]
    run |= {
        "recipe": job.name,
        "collection": job.collection,
        "command": job.command,
        "lacks": differences(find_recipe(job.name), run, scored_on),
        "gray_l1": gray_l1(job),
    }
    run["scale"] = "reduced" if run["lacks"] else "full"

    with replacing_folder(job.results / job.name) as part:
        shutil.copytree(job.work / "samples", part / "samples")
        looks = [job.work / LOOKS] if job.look_every else []
        for path in [job.work / METRICS, *reports, *looks]:
            shutil.copy(path, part)
        (part / RUN).write_text(json.dumps(run, indent=2) + "\n")


def is_recorded(job: Job) -> bool:
    """Tell whether the results hold this very run, and not another one.

    Args:
        job: the run. Where it is worked on and where it is published,
            `run.json` says when it was started.
    """
    work, there = job.work / RUN, job.results / job.name / RUN
    if not (work.exists() and there.exists()):
        return False
    began = [json.loads(path.read_bytes())["started"] for path in (work, there)]
    return began[0] == began[1]


def gray_l1(job: Job) -> float:
    """Compute the L1 loss of no color, on what the run was trained on.

    Args:
        job: the run; its photographs are in the cache.

    Returns:
        Mean |a*| and |b*| over 110, of the middle squares of at most
        `MOST` photographs; near-gray ones are not trained on.
    """
    config = job.recipe.config
    photos = training_photos(
        job.photographs,
        job.cache,
        size=config.kept_size,
        squash=config.squash,
        validation=config.validation,
        most=config.photographs,
    ).without_near_gray()
    every = -(-len(photos) // MOST)
    sizes = []
    for i in range(0, len(photos), every):
        square = center_square(photos[i], config.size)
        _, ab = lab_batch(torch.from_numpy(square.copy())[None])
        sizes.append(ab.abs().mean().item())
    return fmean(sizes)
