"""What is said of the numbers of a trial: PROTOCOL.md as code.

A verdict is a function of the rows that a trial found, {row: {column: values (seeds,)}}. It returns
a sentence that begins with the verdict's word, and the comparisons that it rests on.
"""
from __future__ import annotations

import math

import numpy as np

from tinygrad_adam.teach.statistics import compare, difference, quartiles, verdict

NAMES = {'sgd': 'SGD', 'momentum': 'momentum', 'nesterov': 'Nesterov', 'adagrad': 'Adagrad',
         'rmsprop': 'RMSprop', 'adam': 'Adam', 'adam, decaying': 'Adam with a falling rate',
         'adamw': 'AdamW', 'amsgrad': 'AMSGrad', 'l-bfgs': 'L-BFGS', 'adafactor': 'Adafactor'}
RIVALS = 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop'
FACTOR, POINT, DECADE = 'factor', 'points', 'decades'
MARGINS = {FACTOR: math.log(1.1), POINT: 1.0, DECADE: 0.25}    # what is too small to matter


def against(rows, judged, rivals=RIVALS, ours='adam'):
    """Every comparison of Adam with a rival in the judged rows, corrected together.

    judged: {row: FACTOR, POINT or DECADE}; in decades, more is better, else less.
    """
    family, margins = {}, {}
    for row, unit in judged.items():
        for rival in rivals:
            if rival in rows[row]:
                a, b = rows[row][ours], rows[row][rival]
                found = difference(a, b, ratio=unit == FACTOR)
                family[row, rival] = -found if unit == DECADE else found
                margins[row, rival] = MARGINS[unit]
    return compare(family, margins)


def median(values):
    return float(quartiles(values)[1])


def number(x, never='never', digits=3):
    """So many digits, without a power of ten where one can do without."""
    if not math.isfinite(x):
        return never
    return f'{float(f"{x:.{digits}g}"):,.10g}' if x == 0 or 1e-3 <= abs(x) < 1e6 else f'{x:.1e}'


def typical(values):
    """The median with two digits, for a sentence."""
    return number(median(values), digits=2)


def listed(parts, empty='none'):
    """a, b and c"""
    parts = list(parts)
    return ' and '.join([', '.join(parts[:-1]), parts[-1]]) if len(parts) > 1 else ''.join(
        parts) or empty


def counted(found, word, rivals=RIVALS):
    """'SGD 3, RMSprop 1': in how many comparisons with each rival the word is this one."""
    counts = {rival: sum(d.word == word for (_, other), d in found.items() if other == rival)
              for rival in rivals}
    return listed(f'{NAMES[rival]} {n}' for rival, n in counts.items() if n)


def both(*words):
    """The verdict on a claim from those on its parts."""
    return words[0] if len(set(words)) == 1 else 'partly true'


def begin(word, text):
    return f'{word[0].upper()}{word[1:]}. {text}'


def convergence(rows):
    """Claim 1: fewer steps to the target; and a lead that is larger in the beginning."""
    rows = {row: values for row, values in rows.items() if 'ms a step' not in row}
    found = {part: against(rows, {row: FACTOR for row in rows if row.endswith(part)})
             for part in ('steps to target', 'early loss', 'final loss')}
    words = {part: [d.word for d in one.values()] for part, one in found.items()}
    n = len(words['early loss'])
    lead = {part: one.count('better') - one.count('worse') for part, one in words.items()}
    gain = lead['early loss'] - lead['final loss']
    beginning = ('true' if lead['early loss'] > 0 and gain >= n / 5 else
                 'partly true' if gain > 0 else 'false')
    faster = verdict(words['steps to target'])
    steps, problems = found['steps to target'], n // len(RIVALS)
    late = against(rows, {row: FACTOR for row in rows if row.endswith('final loss')},
                   ['adam, decaying'])
    falls = [d.word for d in late.values()].count('worse')
    return begin(both(faster, beginning), (
        f'"Converges faster" is {faster}: in {words["steps to target"].count("better")} of {n} '
        f'comparisons Adam needed fewer steps to the target (of {problems} problems each: '
        f'{counted(steps, "better")}), in {words["steps to target"].count("worse")} more '
        f'({counted(steps, "worse")}). "Especially in the beginning" is {beginning}: early, its '
        f'loss was lower in {words["early loss"].count("better")} and higher in '
        f'{words["early loss"].count("worse")}, in the end lower in '
        f'{words["final loss"].count("better")} and higher in {words["final loss"].count("worse")} '
        f'(a rate that falls to zero helps on {falls} of {problems} problems).')), {
            **{key: d for one in found.values() for key, d in one.items()}, **late}


def stability(rows):
    """Claim 2: steadier than Adagrad and than RMSprop, by six measures."""
    found = against(rows, dict.fromkeys(rows, FACTOR), ('adagrad', 'rmsprop'))
    words, parts = [], []
    for rival in ('adagrad', 'rmsprop'):
        ours = {row: d.word for (row, other), d in found.items() if other == rival}
        words.append(verdict(ours.values()))

        def measured(word):
            return listed(
                f'{row.split(":")[0]} ({typical(rows[row]["adam"])} against '
                f'{typical(rows[row][rival])})' for row, w in ours.items() if w == word)

        parts.append(f'Against {NAMES[rival]} it is {words[-1]}: steadier in {measured("better")}, '
                     f'less steady in {measured("worse")}.')
    return begin(both(*words), ' '.join(parts)), found


def robustness(rows):
    """Claim 3: a wider range of rates; less lost with other batch sizes."""
    width, batches = 'decades of lr within 3 points', [row for row in rows if 'batch' in row]
    found = against(rows, {width: DECADE, **dict.fromkeys(batches, POINT)})
    rate = {rival: d.word for (row, rival), d in found.items() if row == width}
    size = {key: d.word for key, d in found.items() if key[0] != width}
    words = verdict(rate.values()), verdict(size.values())
    medians = {name: number(median(values)) for name, values in rows[width].items()}
    spans = listed(f'{NAMES[rival]} {medians[rival]}' for rival in RIVALS)
    wider = listed(NAMES[rival] for rival, word in rate.items() if word == 'better')
    return begin(both(*words), (
        f'For the learning rate it is {words[0]}: good rates span {medians["adam"]} '
        f'decades ({spans}), shown to be more than for {wider}. For the batch size it is '
        f'{words[1]}: with another size Adam loses less in {list(size.values()).count("better")} '
        f'of {len(size)} comparisons, and more in {list(size.values()).count("worse")}.')), found


def memory(rows):
    """Claim 4: counted, so nothing is tested."""
    state = {name: values[0] for name, values in rows['state, bytes a parameter'].items()}
    more = [rival for rival in RIVALS if state['adam'] > state[rival]]
    word = 'true' if not more else 'false' if len(more) == len(RIVALS) else 'partly true'
    held = listed(f'{NAMES[rival]} {number(state[rival])}' for rival in RIVALS)
    return begin(word, (
        f'Adam remembers {number(state["adam"])} bytes for each weight of 4 bytes; {held}, '
        f'Adafactor {number(state["adafactor"])}. Only beside L-BFGS ({number(state["l-bfgs"])}) '
        f'or a full matrix ({number(state["full matrix"] / 1e6, digits=2)} million) is it '
        'little.')), {}


def bias_correction(rows):
    """Claim 5: first steps too long; harm at the kept rate; harm at the best rate."""
    kinds = {kind: {row: FACTOR for row in rows if row.endswith(kind)} for kind in (
        'longest step / lr', 'loss at the rate of corrected', 'loss at its own best rate')}
    found = against(rows, {row: FACTOR for kind in kinds.values() for row in kind},
                    ['not corrected'], 'corrected')
    words = {kind: verdict(found[row, 'not corrected'].word for row in judged)
             for kind, judged in kinds.items()}

    def medians(rule):
        return listed(typical(rows[row][rule]) for row in kinds[first])

    def counts(kind):
        here = [found[row, 'not corrected'].word for row in kinds[kind]]
        return f'loss higher for {here.count("better")}, lower for {here.count("worse")}'

    first, kept, own = kinds
    betas = listed(row.split(',')[0].split()[-1] for row in kinds[first])
    return begin(both(*words.values()), (
        f'"Its first steps are too long" is {words[first]}: {medians("not corrected")} times lr '
        f'for beta2 {betas}, with correction {medians("corrected")}. "That does harm" is '
        f'{words[kept]} at the same rate ({counts(kept)} of them) and {words[own]} at its own '
        f'best rate ({counts(own)}): steps that start long and shrink are a schedule.')), found


def what_else(rows):
    """Claim 6: in each case best is who is not shown to be beaten, and shown not to be."""
    cases = {row: POINT if '%' in row else FACTOR for row in rows if 'change' not in row}
    found = against(rows, cases, (*RIVALS, 'adamw'))
    words, beaten = {}, {}
    for row in cases:
        ours = {rival: d.word for (case, rival), d in found.items() if case == row}
        beaten[row] = [rival for rival, word in ours.items() if word == 'worse']
        words[row] = ('worse' if beaten[row] else
                      'better' if set(ours.values()) <= {'better', 'level'} else 'open')
    parts = {word: [row.split(':')[0] for row in cases if words[row] == word]
             for word in ('better', 'worse', 'open')}
    losses = listed(f'{row.replace(":", ",")} ({typical(rows[row]["adam"])}, ' + ', '.join(
        f'{NAMES[rival]} {typical(rows[row][rival])}' for rival in beaten[row]) + ')'
        for row in cases if beaten[row])
    return begin(verdict(words.values()), (
        f'In {len(parts["worse"])} of {len(cases)} cases another is better than Adam: {losses}. '
        f'None is in {len(parts["better"])} ({listed(parts["better"])}), and in '
        f'{len(parts["open"])} ({listed(parts["open"])}) it is open.')), found


def trajectories(rows):
    """Claim 7: a surface on which Adam arrives and another does not, for every other."""
    found = against(rows, dict.fromkeys(rows, FACTOR))
    arrived = {(row, name): float(np.isfinite(values).mean())
               for row, cells in rows.items() for name, values in cells.items()}
    fails = {rival: [row for row in rows if arrived[row, 'adam'] >= 0.75
                     and arrived[row, rival] <= 0.25 and found[row, rival].word == 'better']
             for rival in RIVALS}
    ahead = {rival: [row for row in rows if arrived[row, 'adam'] <= 0.25
                     and arrived[row, rival] >= 0.75 and found[row, rival].word == 'worse']
             for rival in RIVALS}
    failing = [rival for rival in RIVALS if fails[rival] and not ahead[rival]]
    word = ('true' if len(failing) == len(RIVALS) else 'partly true' if failing else 'false')

    def where(surfaces):
        return listed(row.split(', steps')[0] for row in surfaces)

    lost = '; '.join(f'{NAMES[rival]} on {where(fails[rival])}' for rival in RIVALS if fails[rival])
    won = '; '.join(f'{NAMES[rival]} on {where(ahead[rival])}' for rival in RIVALS if ahead[rival])
    hardest = max(rows, key=lambda row: sum(1 - arrived[row, name] for name in rows[row]))
    starts = len(rows[hardest]['adam'])
    share = listed(f'{NAMES[name]} {starts * arrived[hardest, name]:.0f}'
                   for name in rows[hardest])
    return begin(word, (
        f'Where Adam arrives and another fails: {lost or "nowhere"}; the other way round: '
        f'{won or "nowhere"}. Hardest is {where([hardest])}, where of {starts} starts arrive: '
        f'{share}.')), found


# Tables.

def cell(values, never='infinite'):
    """median (lower quartile to upper quartile), three digits."""
    low, middle, high = (number(x, never) for x in quartiles(values))
    return middle if low == high else f'{middle} ({low} to {high})'


def lined(head, lines):
    """Lines of texts in columns, the first of them to the left."""
    wide = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    return '\n'.join('  '.join([line[0].ljust(wide[0]), *(
        text.rjust(w) for text, w in zip(line[1:], wide[1:]))]).rstrip() for line in [head, *lines])


def table(rows):
    """{row: {column: values (seeds,)}} as lines of text, medians and quartiles."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    return lined(['', *names], [
        [row, *(cell(values[name], 'never' if 'steps to' in row else 'infinite')
                if name in values else '' for name in names)] for row, values in rows.items()])


def lost(rows):
    """Lines that count the runs that diverged or did not arrive, which is infinity in the table."""
    return [f'{row}: ' + ', '.join(parts) for row, values in rows.items() if (parts := [
        f'{name} {"never" if "steps to" in row else "diverged"} in {n} of {len(one)}'
        for name, one in values.items() if (n := int(np.isinf(one).sum()))])]


def comparisons(found):
    """The comparisons as lines of text; a factor or a difference above 0 is in Adam's favour."""
    lines = [[f'{row}: {NAMES.get(rival, rival)}', f'{d.median:+.3g}',
              f'{d.low:+.3g} to {d.high:+.3g}', f'{d.p:.2g}', d.word]
             for (row, rival), d in found.items()]
    return lined(['against', 'difference', '95 %', 'p (Holm)', 'Adam is'], lines)
