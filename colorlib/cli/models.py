"""What commands that take a model share: finding it, and downloads that show.

A download is a line in a log, and a bar on a terminal.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import DownloadColumn, TaskID, TransferSpeedColumn

from colorlib.cli.terminal import progress_bar, telling
from colorlib.files.download import OnDownload
from colorlib.models import paths


def find_model(model: str | Path | None = None, *, quiet: bool = False) -> Path:
    """Find a model's weights, and show it if they have to be downloaded.

    Args:
        model: see `models.paths.find_model`.
        quiet: show nothing.
    """
    with shown_downloads(quiet) as on_download:
        return paths.find_model(model, on_download=on_download)


@contextmanager
def shown_downloads(quiet: bool = False) -> Iterator[OnDownload]:
    """Show downloads while the block runs.

    Args:
        quiet: show nothing.

    Yields:
        What a download is to be told of.
    """
    bar = progress_bar(
        "{task.description}",
        DownloadColumn(),
        TransferSpeedColumn(),
        counted=False,
        shown=not quiet,
    )
    if quiet:
        bar.console.quiet = True
    tasks: dict[str, TaskID] = {}

    def on_download(name: str, done: int, total: int | None) -> None:
        if not tasks:
            bar.start()  # not before: there may be nothing to show
        if name not in tasks:
            tasks[name] = bar.add_task(name)
        bar.update(tasks[name], completed=done, total=total)

    with telling(bar.console):
        try:
            yield on_download
        finally:
            if tasks:
                bar.stop()
