"""The networks: generators that color, and the discriminator.

    unet.py          the deck's U-Net
    patchgan.py      the deck's discriminator
    compact.py       a small U-Net with a backbone: the one that ships
    efficientnet.py  that backbone
    resunet.py       the deck's second U-Net, on a ResNet-18
    resnet.py        that backbone
    classifier.py    that backbone with a classifier, to files and back
    teachers.py      networks trained on ImageNet, for it to learn from
    ab_bins.py       bins of color, which it classifies into
    catalog.py       which generators there are, by name
    build.py         a generator by its name
    layout.py        a network to a device, as it computes fastest there
    export.py        a generator as a graph for other programs
    weights.py       networks to files and back; paths.py finds the files

Every generator maps L to ab, keeps what rebuilds it in `config`, and says in
`multiple` what height and width it accepts.
"""
