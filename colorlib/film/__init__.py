"""How a scene became a gray print, in linear light.

    emulsions.py  what each plate or film saw of red, green and blue
    curve.py      exposure to density: toe, straight line, shoulder
    grain.py      silver grains, by the variance of the Boolean model
    optics.py     dark corners, softness, halation
    printing.py   halftone, as newspapers have it
    ageing.py     silver fades, paper turns yellow
    damage.py     scratches, dust, folds
    scanning.py   the scanner's noise, and JPEG
    blurring.py   what several of these need
    rendering.py  all of it, from a scene in color to the scan of a print
    fitting.py    back from a print to the scene's lightness
    priors.py     which films a period had
    augment.py    a random film for each photograph of a batch

Everything works on batches, on any device, and lets gradients through.
Light is linear and relative: 1 is the scene's white before the film, and the
paper's white after it. Chapter 14 tells the story.
"""
