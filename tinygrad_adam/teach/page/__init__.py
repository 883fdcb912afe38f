"""One page to play with: a weight of a real net, Adam's desk, and the Adams that are not Adam.

    python -m tinygrad_adam.teach.page --out out/adam.html

trains a small net with the optimizers of this package, and writes all that happened into one HTML
file. The file holds the digits that Python printed; its script shows them, and judges guesses.

    runs.py      the net, and what is recorded of its trainings
    play.py      Adam under series of gradients that the reader chooses
    games.py     the two games: one try, and the wrong Adams of chapter 8
    graph.py     the graph of one point: its units, and the edges between them
    facts.py     what is not a number: formulas, lines of source, commands and chapters
    packing.py   tables of numbers as text for the page, and back
    build.py     the file
    template/    HTML, CSS, the strings in one file, and the script
"""
