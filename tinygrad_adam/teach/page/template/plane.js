// A: the plane, and the cells of the 51 weights beside it.
const plane = {
  draw() {
    const t = Number(state.t), w = Number(state.w), key = training(), full = facts.longest[key];
    const { times, settings } = facts.runs[key];
    this.classes(key, t - 1);
    this.points();
    this.cells(key, t, full);
    write('plane-scale', say('plane.cells', { full }));
    const losses = numbers(key + '/loss'), loss = { digits: losses.slice(0, -1), type: '' };
    const label = say('plane.losses', { first: losses[0], last: losses[facts.steps] });
    const title = say(times ? 'plane.unscaled' : 'plane.loss');
    fill('plane-loss', chart('plane-loss', [loss], { label, title, kind: 'log', cursor: t }));
    const columns = ['w', 'g', 'move', 'move/lr'], at = (c, i) => number(`${key}/${c}`, i, t - 1);
    numbersOf([say('words.weight'), ...columns], facts.weights.map((_, i) =>
      [weightName(i), ...columns.map(column => at(column, i))]));
    tell('plane', { step: t, what: runName(state.r), lr: settings.lr, loss: times + losses[t - 1],
      weight: weightName(w), move: at('move', w), share: at('move/lr', w) });
  },

  classes(key, step) {
    const context = byId('plane-classes').getContext('2d'), style = getComputedStyle(document.body);
    const tints = range(3).map(kind => style.getPropertyValue('--tint-' + kind).trim().split(' '));
    const image = context.createImageData(facts.side, facts.side);
    const [start, [, cells]] = facts.pictures[key], first = start + step * cells;
    classes.subarray(first, first + cells).forEach((kind, i) =>
      image.data.set([...tints[kind].map(Number), 255], 4 * i));
    context.putImageData(image, 0, 0);
  },

  points() {
    const x = scale('-1.2', '1.2', 0, 400), y = scale('-1.2', '1.2', 400, 0);
    fill('plane-points', svg(400, 400, say('plane.map'), facts.labels.map((kind, i) => {
      const at = [x(number('points', 0, i)), y(number('points', 1, i))];
      return choice('p', i, pointName(i), (String(i) === state.p ? ring(...at, 12) : '') +
        ring(...at, 9, 'target') + mark(kind, ...at, 6));
    }).join('')));
  },

  cells(key, t, full) {
    const cell = 36, area = scale('0', full, 0, cell - 4, 'root'), left = 70;
    const right = left + 3.6 * cell, bias = say('words.bias');
    const inside = text(left, 16, say('plane.into'), 'small') + tick(right, 60 + cell * 8.4, bias) +
      text(right, 16, say('plane.outof'), 'small') + ['x1', 'x2', bias, 0, 1, 2].map((said, i) =>
      text(left + cell * (i < 3 ? i + 0.5 : i + 1.1), 36, said, 'tick middle')).join('') +
      range(8).map(i => tick(left, 60 + cell * i, say('plane.unit', { i }))).join('');
    fill('plane-cells', svg(314, 384, say('plane.cells', { full }), inside +
      facts.weights.map(({ cell: [column, row] }, w) => {
        const x = left + cell * column, y = 42 + cell * row;
        const move = number(key + '/move', w, t - 1);
        const side = area(number(key + '/move/lr', w, t - 1));
        const gap = (cell - 2 - side) / 2;
        return choice('w', w, `${weightName(w)}: ${move}`,
          box(x, y, cell - 2, cell - 2, String(w) === state.w ? 'cell chosen' : 'cell') +
          box(x + gap, y + gap, side, side, negative(move) ? 'minus' : 'plus'));
      }).join('')));
  },
};
