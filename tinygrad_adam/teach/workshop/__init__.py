"""The workshop: write backpropagation and Adam, and be told which mistake you made.

    python -m tinygrad_adam.workshop             # where you are, and how to go on

Each file of `exercises/` is one exercise: its text, a solution, inputs, and the mistakes that
people make. In the order of a check:

    exercise.py      what an exercise is made of
    running.py       runs a learner's file in a process of its own, which is `child.py`
    comparing.py     whether two results are the same
    recognition.py   which known mistakes give these numbers
    observation.py   what is most telling about numbers that no known mistake gives
    verdict.py       what the learner is told
    progress.py      the learner's folder
    grading.py       a folder of submissions
    commands.py      the command line
"""
