"""Filters are drawn as what they respond to, on a scale of their own."""

import numpy as np
import torch

from colorlib.figures.filters import (
    COLUMNS,
    ENLARGED,
    GAP,
    filter_grid,
    response_frame,
)


def tile(grid, number, side):
    """Cut one filter out of a grid, a pixel for each weight."""
    step = side * ENLARGED + GAP
    top, left = step * (number // COLUMNS), step * (number % COLUMNS)
    return grid[top::ENLARGED, left::ENLARGED][:side, :side].astype(int)


def test_each_filter_stands_in_its_place_and_the_page_between_them():
    filters = torch.zeros(COLUMNS + 2, 3, 2, 2)
    filters[-1, 0, 0, 1], filters[-1, 2, 1, 0] = 1.0, -0.5
    grid = filter_grid(filters)
    step = 2 * ENLARGED + GAP
    assert grid.shape == (2 * step - GAP, COLUMNS * step - GAP, 4)
    last = tile(grid, COLUMNS + 1, 2)
    assert last[0, 1].tolist() == [255, 128, 128, 255]
    assert last[1, 0].tolist() == [128, 128, 64, 255]
    assert last[0, 0].tolist() == [128, 128, 128, 255]
    assert (grid[2 * ENLARGED : step, :, 3] == 0).all()  # between the rows
    assert (grid[step:, 2 * step :, 3] == 0).all()  # nothing is left to draw


def test_a_sum_is_as_strong_as_its_filters_let_it_be():
    """Equal colors keep their strength; a color against a color goes gray."""
    filters = torch.zeros(2, 3, 1, 2)
    filters[0, :, 0, 0] = 0.5
    filters[1, 0, 0, 0], filters[1, 1, 0, 0] = 0.5, -0.5
    grid = filter_grid(filters.sum(1, keepdim=True), scale=filters)
    assert grid[0, 0].tolist() == [255, 255, 255, 255]
    assert grid[0, 2 * ENLARGED + GAP].tolist() == [128, 128, 128, 255]


def test_a_filter_of_zeros_is_an_even_gray():
    assert (filter_grid(torch.zeros(1, 1, 3, 3))[..., :3] == 128).all()


def test_responses_share_a_scale_and_zero_is_white():
    w = torch.zeros(3, 2, 2)
    w[0, 0, 0] = 2.0
    strong = torch.tensor([[4.0, -4.0], [0.0, 2.0]])
    frame = response_frame(w, strong, strong / 4)
    height = 8
    assert frame.shape == (height, 3 * height + 2 * 2 * GAP, 4)
    assert frame[0, 0].tolist() == [255, 128, 128, 255]
    step = height + 2 * GAP
    first, second = frame[:, step:], frame[:, 2 * step :]
    assert (frame[:, height:step, 3] == 0).all()
    red, _, blue, _ = first[0, 0].astype(int)
    assert red > blue  # orange: above zero
    red, _, blue, _ = first[0, 4].astype(int)
    assert blue > red
    assert first[4, 0].tolist() == [255] * 4
    paler = np.abs(second[0, 0].astype(int) - 255).sum()
    assert 0 < 3 * paler < np.abs(first[0, 0].astype(int) - 255).sum()


def test_a_response_of_nothing_is_white():
    frame = response_frame(torch.ones(1, 2, 2), torch.zeros(3, 3))
    assert (frame[:, -1] == 255).all()
