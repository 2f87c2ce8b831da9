"""Training: one state, one step, one loop.

    config      what can be set, without waiting for torch
    recipes     the course's runs, by name
    checkpoint  everything that training changes, to disk and back
    describe    what a run must say of itself
    runs        a run's folder: what was done, and what came out
    loop        the loop, which yields losses and leaves the rest to you
    pretrain    the generator alone, with L1
    gan         generator against discriminator
    record      a whole run: from photographs to a folder
    trouble     signs that a training goes wrong
    snapshots   the same photographs, epoch after epoch
    board       the same and the losses in TensorBoard
    failures    trainings that go wrong on purpose

Chapters 03 and 10 to 12.
"""
