"""Training: one state, one step, one loop.

    config       what can be set, without waiting for torch
    recipes      the course's runs, by name
    preflight    what is checked before a training starts
    accelerator  device, arithmetic and processes
    loop         the loop, which yields losses and leaves the rest to you
    pretrain     the generator alone, with L1
    ensemble     several networks, for a smaller one to learn from
    distill      a backbone, taught by networks that saw ImageNet
    gan          generator against discriminator
    checkpoint   everything that training changes, to disk and back
    session      a whole run: from photographs to a folder
    progress     the run step by step: counted, watched, kept and shown
    run_folder   its folder: what was done, and what came out
    loss_log     mean losses of each epoch
    metadata     what a run must say of itself
    monitor      signs that a training goes wrong
    signals      Ctrl-C and SIGTERM wait for the step
    samples      the same photographs, epoch after epoch
    tensorboard  the same and the losses in TensorBoard

Chapters 10 to 12.
"""
