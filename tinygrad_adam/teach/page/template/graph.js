// B: the graph of one point. Values stand above the units, gradients below, factors on the edges.
// A unit or an edge is its number in facts.graph. See graph.py.
const { units, edges, layers, width, height } = facts.graph;
const edgesFrom = unit => edges.filter(({ from }) => from === unit);
const layerReached = () => layers.length - 1 - Number(state.b);

const graph = {
  stages: () => layers.length,

  value(unit) {
    const { index, step } = recorded(), p = Number(state.p), key = training();
    if (units[unit].name === 'loss') return facts.runs[key].times + number(key + '/loss', step - 1);
    return unit < 2 ? number('points', unit, p) : number(key + '/values', index, unit - 2, p);
  },

  gradient: unit => units[unit].name === 'loss' ? '1'
    : number(training() + '/grads', recorded().index, unit - 2, Number(state.p)),

  factor: ({ weight, row }) => weight === null
    ? number(training() + '/factors', recorded().index, row, Number(state.p))
    : number(training() + '/w', weight, recorded().step - 1),

  // The chain rule for one unit, written out: the sum over its edges of gradient times factor.
  sum: unit => edgesFrom(unit).map(edge =>
    `${bracketed(graph.gradient(edge.to))}*${bracketed(graph.factor(edge))}`).join(' + '),

  share: () => number(training() + '/shares', recorded().index, Number(state.w), Number(state.p)),

  // What is written out of all that the node computes, name, sum, digits: the gradient of a unit
  // (of hidden ones that of the weight, else that of the class), and the share of the weight.
  rows() {
    const reached = layerReached(), { name, unit, start, end } = facts.weights[state.w];
    const i = reached > 2 ? facts.labels[state.p] : unit, inner = reached > 0 && state.b !== '0';
    const at = units.findIndex(unit => unit.layer === reached && unit.i === i);
    const share = { name, digits: this.share(), sum: `${bracketed(this.gradient(end))}*${
      start === null ? 1 : bracketed(this.value(start))}` };
    return [
      ...inner ? [{ name: units[at].name, digits: this.gradient(at), sum: this.sum(at) }] : [],
      ...reached === units[end].layer - 1 ? [share] : []];
  },

  // Gradients are known in the layers that the walk has reached, unless one is still to be guessed.
  reached({ layer }) {
    const hidden = state.ask === '1' && state.b !== '0' && !guesses().length;
    return layer > 0 && (hidden ? layer > layerReached() : layer >= layerReached());
  },

  draw() {
    const stage = Number(state.b), operation = facts.order[stage - 1], reached = layerReached();
    const { step, steps } = recorded(), rows = this.rows(), from = firstCovered(rows);
    const values = { step, steps: steps.join(', '), point: pointName(state.p), stage,
      stages: facts.order.length, operation, weight: weightName(state.w), share: this.share(),
      node: stage && `${operation} (${layers[reached][0]} → ${layers[reached + 1][0]})` };
    byId('back').disabled = stage === 0;
    byId('next').disabled = stage === this.stages() - 1;
    this.picture(rows);
    const sums = rows.slice(0, from + 1).map(({ name, sum, digits }, i) => {
      const said = say('graph.of', { name });
      return `<code>${said} = ${escaped(sum)} =</code> ${i < from
        ? `<output data-number="${name}">${digits}</output>` + judged(i) : guessField(said)}`;
    });
    const ended = reached < units[facts.weights[state.w].end].layer && from >= rows.length
      ? [say('graph.end', values)] : [];
    fill('graph-now', [say(stage ? 'graph.walked' : 'graph.start', values), ...sums, ...ended]
      .map(said => `<p>${said}</p>`).join(''));
    const { lines, lit } = facts.operations[operation] || {};
    fill('graph-source', lines ? source(say('graph.source', values), lines, lit) : '');
    numbersOf(['unit', 'value', 'gradient', 'factors'].map(name => say('graph.' + name)),
      units.map((unit, at) => [unit.name, this.value(at), this.reached(unit)
        ? this.gradient(at) : '', edgesFrom(at).map(this.factor).join('  ')]));
    tell('graph', values);
  },

  picture([written]) {
    const { start, end } = facts.weights[state.w], reached = layerReached();
    const drawn = edges.map(edge => {
      const from = units[edge.from], to = units[edge.to], factor = this.factor(edge);
      const type = (edge.from === start && edge.to === end ? ' mine' : '') +
        (from.layer === reached ? ' on' : '') + (negative(factor) ? ' negative' : '');
      return [line(from.x + 8, from.y, to.x - 8, to.y, 'edge' + type),
        text(edge.x, edge.y, factor, 'factor middle' + type)];
    });
    const circles = units.map((unit, at) => (start === null && at === end
      ? ring(unit.x, unit.y, 11, 'mine') : '') +
      ring(unit.x, unit.y, 7, unit.name === written?.name ? 'unit chosen' : 'unit') +
      text(unit.x, unit.y - 12, this.value(at), 'value middle') +
      (this.reached(unit) ? text(unit.x, unit.y + 21, this.gradient(at), 'gradient middle') : ''));
    const inside = [0, 1].flatMap(part => drawn.map(parts => parts[part])).concat(circles,
      layers.map(([name, x]) => text(x, 18, name, 'small middle'))).join('');
    fill('graph-picture', svg(width, height, say('graph.picture'), inside, 'class="wide"'));
    const view = byId('graph-picture'), pixels = scale('0', width, 0, view.scrollWidth);
    view.scrollLeft = pixels(layers[reached][1]) - view.clientWidth / 3;
  },

  asked: () => ({ known: [], ...graph.rows()[guesses().length] }),
};
