"""fastai, which the deck builds its second generator with."""

import warnings
from types import SimpleNamespace

import pytest
from torchvision.models import resnet18


@pytest.fixture(scope="session")
def fastai():
    """Its two functions, imported in silence: it uses what torch gives up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fastai.vision.learner import create_body
        from fastai.vision.models.unet import DynamicUnet

        def dynamic_unet():
            """The deck's lines, as fastai takes them today."""
            body = create_body(resnet18(), pretrained=False, n_in=1, cut=-2)
            return DynamicUnet(body, 2, (256, 256)).eval()

    return SimpleNamespace(create_body=create_body, dynamic_unet=dynamic_unet)
