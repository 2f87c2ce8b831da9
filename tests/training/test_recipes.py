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


MODEL1 = [name for name in RECIPES if not name.startswith("model2")]
MODEL2 = [name for name in RECIPES if name.startswith("model2")]
L1 = {"model2-l1", "model2-random-l1"}


@pytest.mark.parametrize("name", MODEL1)
def test_variants_differ_from_the_deck_s_model_in_one_thing(name):
    """Whatever else differed could be what made the difference."""
    config = asdict(RECIPES[name].config)
    other = "model1-100"
    if name == "model1-joint-decay":
        other = "model1-joint"
    deck = asdict(RECIPES[other].config)
    changed = {key for key in deck if config[key] != deck[key]} - {"epochs"}
    assert len(changed) == (name != "model1-100")


def test_model_2_is_the_deck_s_in_two_stages():
    first, second = RECIPES["model2-l1"], RECIPES["model2-gan"]
    assert (first.config.epochs, first.config.learning_rate) == (60, 1e-4)
    assert (second.config.epochs, second.after) == (20, "model2-l1")
    assert second.config.joint_batch  # the discriminator found to be sound
    for recipe in (first, second):
        assert (recipe.config.size, recipe.config.squash) == (256, True)


def test_only_second_stages_follow_another_recipe():
    follow = {name: recipe.after for name, recipe in RECIPES.items()}

    assert {name: after for name, after in follow.items() if after} == {
        "model2-gan": "model2-l1",
        "model2-gan-slow": "model2-l1",
        "model2-random-gan": "model2-random-l1",
    }


def test_the_ablation_leaves_out_each_part_of_model_2():
    """Backbone, L1 stage and GAN stage: all eight, less the two untrained."""
    found = set()
    for name in MODEL2:
        recipe = RECIPES[name]
        first = RECIPES[recipe.after] if recipe.after else recipe
        l1, gan = (
            method in {recipe.config.method, first.config.method}
            for method in ("pretrain", "gan")
        )
        found.add((first.pretrained, l1, gan))
    assert found == {
        (pretrained, l1, gan)
        for pretrained in (True, False)
        for l1, gan in ((True, False), (False, True), (True, True))
    }
    gans = [asdict(RECIPES[n].config) for n in MODEL2 if n not in L1]
    assert len({(c["seed"], c["l1_weight"], c["epochs"]) for c in gans}) == 1


@pytest.mark.parametrize("name", RECIPES)
def test_a_width_is_halved_where_there_is_one(name):
    """A ResNet has none; a discriminator has, whatever it faces."""
    recipe = RECIPES[name]
    assert recipe.has_width == (name not in L1)
    width = recipe.reduced().config.width
    assert width == (32 if recipe.has_width else None)


@pytest.mark.parametrize("name", RECIPES)
def test_all_can_be_compared_at_the_same_epoch(name):
    """Whoever shows two of them shows them equally trained."""
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


def test_a_run_says_whether_it_began_with_what_was_asked():
    """A generator from its first stage, a backbone that was pretrained."""
    second = RECIPES["model2-gan"]
    run = as_run(second, generator="generator.safetensors")
    assert differences(second, run | {"generator_sha256": "5"}, 2_000) == []
    [found] = differences(second, as_run(second, generator="resunet"), 2_000)
    assert found == {
        "setting": "generator",
        "recipe": "model2-l1",
        "here": "resunet",
    }
    first = RECIPES["model2-l1"]
    run = as_run(first, backbone="backbone.safetensors")
    assert differences(first, run | {"backbone_sha256": "5"}, 2_000) == []
    [found] = differences(first, as_run(first, backbone=None), 2_000)
    assert (found["setting"], found["here"]) == ("backbone", None)
    random = RECIPES["model2-random-l1"]
    [found] = differences(random, run | {"backbone_sha256": "5"}, 2_000)
    assert (found["recipe"], found["here"]) == (None, "backbone.safetensors")


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
