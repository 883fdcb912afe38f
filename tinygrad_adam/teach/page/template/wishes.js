// C: the wishes of the points. The gradient of a weight is the sum of 90 shares.
const wishes = {
  draw() {
    const { index, step, steps } = recorded(), w = Number(state.w), key = training();
    const shares = numbers(key + '/shares', index, w), order = range(shares.length);
    if (state.sort !== 'point') order.sort((a, b) => Number(shares[a]) - Number(shares[b]));
    if (state.sort === 'class') order.sort((a, b) => facts.labels[a] - facts.labels[b]);
    const values = { step, steps: steps.join(', '), weight: weightName(w), p: state.p,
      g: number(key + '/g', w, step - 1), down: shares.filter(negative).length,
      up: shares.filter(share => Number(share) > 0).length, share: shares[state.p] };
    write('wishes-sum', say('wishes.sum', values));
    this.bars(shares, order);
    numbersOf(['point', 'class', 'share'].map(name => say('words.' + name)),
      order.map(i => [i, facts.labels[i], shares[i]]));
    tell('wishes', values);
  },

  bars(shares, order) {
    const ends = sorted(['0', ...shares]), width = byId('wishes-bars').clientWidth, left = 84;
    const low = ends[0], high = ends.pop(), y = scale(low, high, 236, 36), zero = y('0');
    const x = scale(0, order.length, left + 6, width > 640 ? width - 6 : 640);
    const bars = order.map((point, i) => {
      const end = y(shares[point]), [top, bottom] = end < zero ? [end, zero] : [zero, end];
      const wide = x(i + 1) - x(i), kind = facts.labels[point];
      return choice('p', point, `${pointName(point)}: ${shares[point]}`,
        box(x(i), 28, wide, 240, String(point) === state.p ? 'target chosen' : 'target') +
        box(x(i) + 1, top, wide - 2, bottom - top, 'class-' + kind) +
        mark(kind, x(i) + wide / 2, 254, 3));
    });
    const ticks = [[high, 36], [low, 236], ...zero < 222 && zero > 50 ? [['0', zero]] : []];
    const label = say('wishes.picture'), end = x(order.length);
    const axes = line(left, zero, end, zero, 'axis') + text(left, 16, label, 'small') +
      ticks.map(([digits, at]) => tick(left, at, digits)).join('');
    const inside = bars.join('') + axes, style = `style="min-width: ${end}px"`;
    fill('wishes-bars', svg(end + 6, 272, label, inside, style));
  },
};
