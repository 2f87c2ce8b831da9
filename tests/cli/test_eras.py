"""`colorlib eras`: what is known of an era, with a source for each claim."""

from typer.testing import CliRunner

from colorlib.cli import app
from colorlib.eras.catalog import era_names, load_era


def run(*arguments):
    """Run the command in this process."""
    return CliRunner().invoke(app, ["eras", *map(str, arguments)])


def test_the_list_counts_what_has_no_source():
    shown = run("list").stdout
    for name in era_names():
        era = load_era(name)
        [line] = [line for line in shown.splitlines() if f" {name} " in line]
        count = [len(era.sources), era.sources.count("unsourced")]
        assert [int(word) for word in line.split()[-2:]] == count


def test_an_era_is_shown_with_all_its_sources():
    shown = run("show", "korean-war")
    assert shown.exit_code == 0
    era = load_era("korean-war")
    found = [s.strip() for s in shown.stdout.splitlines()]
    sources = [line[1:-1] for line in found if line.startswith("[")]
    assert sorted(sources) == sorted(era.sources)
    assert "1950 to 1953: orthochromatic 15%, panchromatic B 85%" in found
    for color in era.colors:
        assert f"not known: {color.unknown}" in found


def test_an_era_that_is_not_there_is_one_line():
    shown = run("show", "joseon")
    assert shown.exit_code == 2
    assert shown.stderr.count("\n") == 1
    assert "choose one of colonial" in shown.stderr
