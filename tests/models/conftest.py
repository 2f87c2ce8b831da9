"""Fixtures for the networks."""

import jaxtyping
import pytest


@pytest.fixture
def as_outside_pytest(monkeypatch):
    """Switch off the checking of shapes, as it is for every user.

    Under pytest a wrong shape already stops at the annotation; without it
    the network's own error must come, and say what to do.
    """
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
