"""A recipe is what a run says it is, and tells what a smaller run lacks."""

from dataclasses import asdict, replace

import pytest

from colorlib.training.recipes import RECIPES, differences, find_recipe


def as_run(recipe, photographs=8_000, **settings):
    """What run.json would say of a run of this recipe."""
    return {
        "config": asdict(recipe.config) | settings,
        "data": {"photographs": photographs - 33, "near_gray": 33},
    }


def test_one_run_gives_both_results_of_the_deck():
    deck = RECIPES["model1-100"]
    config = deck.config
    assert (config.epochs, config.batch_size, config.size) == (100, 16, 256)
    assert (config.squash, config.l1_weight) == (True, 100)
    assert {20, 100} <= set(deck.scored) <= set(deck.shown)


@pytest.mark.parametrize("name", RECIPES)
def test_variants_differ_from_the_deck_s_model_in_one_thing(name):
    """Whatever else differed could be what made the difference."""
    config = asdict(RECIPES[name].config)
    other = "model1-100"
    if name.endswith("-2000") and name != "model1-2000":
        other = "model1-2000"  # on as few photographs
    if name == "model1-joint-decay":
        other = "model1-joint"
    deck = asdict(RECIPES[other].config)
    changed = {key for key in deck if config[key] != deck[key]} - {"epochs"}
    assert len(changed) == (name != "model1-100")


@pytest.mark.parametrize("name", RECIPES)
def test_all_can_be_compared_at_the_same_epoch(name):
    """The pictures under the lambda slider are all of epoch 10."""
    recipe = RECIPES[name]
    assert 10 in recipe.shown
    assert 10 in recipe.scored
    assert recipe.scored[-1] == recipe.shown[-1] == recipe.config.epochs


@pytest.mark.parametrize("name", RECIPES)
def test_reduced_recipes_can_still_be_compared(name):
    """A tenth of the deck's epochs is a tenth of fewer."""
    reduced = RECIPES[name].reduced()
    assert 2 in reduced.shown
    assert reduced.shown[-1] == reduced.scored[-1] == reduced.config.epochs
    assert reduced.config.epochs == RECIPES[name].config.epochs // 5


def test_a_run_of_the_full_recipe_lacks_nothing():
    recipe = RECIPES["model1-100"]
    assert differences(recipe, as_run(recipe), 2_000) == []
    more = as_run(recipe, 9_000, precision="bf16", validation=0.0)
    assert differences(recipe, more, 5_000) == []


def test_what_a_reduced_run_lacks_is_named():
    """A reader must see that 20 epochs here are not the deck's 100."""
    recipe = RECIPES["model1-100"]
    reduced = recipe.reduced()
    lacks = differences(recipe, as_run(reduced, 2_000), 500)
    assert {
        each["setting"]: (each["recipe"], each["here"]) for each in lacks
    } == {
        "epochs": (100, 20),
        "size": (256, 128),
        "width": (64, 32),
        "photographs": (8_000, 2_000),
        "photographs scored": (2_000, 500),
    }


def test_another_setting_is_another_run():
    recipe = RECIPES["model1-100"]
    [found] = differences(recipe, as_run(recipe, l1_weight=10.0), 2_000)
    assert found == {"setting": "l1_weight", "recipe": 100.0, "here": 10.0}


def test_a_setting_that_did_not_exist_was_its_default():
    """Runs recorded before there was a choice are no other runs for it."""
    recipe = RECIPES["model1-100"]
    run = as_run(recipe)
    del run["config"]["joint_batch"]
    assert differences(recipe, run, 2_000) == []
    joint = recipe.but(joint_batch=True)
    [found] = differences(joint, run, 2_000)
    assert found == {"setting": "joint_batch", "recipe": True, "here": False}


def test_unknown_names_list_the_known():
    with pytest.raises(ValueError, match="'model1'; choose one of model1-100"):
        find_recipe("model1")
    with pytest.raises(ValueError, match="epoch.*settings are epochs, "):
        RECIPES["model1-100"].but(epoch=3)


def test_a_recipe_keeps_its_settings():
    recipe = RECIPES["unet-noskip"]
    assert recipe.but() == recipe
    assert recipe.but(seed=4).config == replace(recipe.config, seed=4)


def test_the_backbone_s_recipe_shows_and_scores_no_colors():
    """There is no generator yet; it is judged by what it tells apart."""
    recipe = find_recipe("backbone")
    assert recipe.config.method == "distill"
    assert recipe.shown == recipe.scored == ()
    assert recipe.but(epochs=2).shown == ()
    reduced = recipe.reduced().config
    assert (reduced.epochs, reduced.size) == (4, 128)
    run = as_run(recipe, 17_111)
    assert differences(recipe, run, 2_000) == []
    [found] = differences(recipe, run | {"config": {"epochs": 3}}, 2_000)[:1]
    assert found == {"setting": "epochs", "recipe": 24, "here": 3}
