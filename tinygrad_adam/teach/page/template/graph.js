// B: the graph of one point. Values stand above the units, gradients below, factors on the edges.
const LAYERS = [['x', 2], ['hidden', 8], ['tanh', 8], ['score', 3], ['log p', 3], ['loss', 1]];
const FIRST = [0, 0, 8, 16, 19];                    // where the numbers of each layer begin
const ACROSS = [44, 262, 410, 710, 900, 1056], ROW = 60;
const arrivesAt = stage => 5 - stage;               // the layer whose gradients a node computes

const graph = {
  stages: () => facts.order.length + 1,
  // The unit that is written out: of the hidden ones the one the weight belongs to, else the class.
  unit: layer => layer > 4 || !layer ? 0 : layer > 2 ? facts.labels[state.p]
    : facts.weights[state.w].unit,

  value(layer, i) {
    const { index, step } = recorded(), p = Number(state.p), key = training();
    if (layer === 5) return facts.runs[key].times + number(key + '/loss', step - 1);
    return layer ? number(key + '/values', index, FIRST[layer] + i, p) : number('points', i, p);
  },

  gradient: (layer, i) => layer === 5 ? '1'
    : number(training() + '/grads', recorded().index, FIRST[layer] + i, Number(state.p)),
  // The local factor from unit i of a layer to unit j of the next; undefined if there is no edge.
  factor(layer, i, j) {
    const { index, step } = recorded(), key = training();
    const of = at => number(key + '/factors', index, at, Number(state.p));
    const weight = w => number(key + '/w', w, step - 1);
    return [() => weight(2 * j + i), () => i === j ? of(i) : undefined,
      () => weight(24 + 8 * j + i), () => of(8 + 3 * j + i), () => of(17 + i)][layer]();
  },

  place: (layer, i, count = LAYERS[layer][1]) => [ACROSS[layer],
    70 + ROW * (3.5 + (count === 8 ? 1 : 2.4) * (i - (count - 1) / 2))],
  // Gradients are known in the layers that the walk has reached, unless one is still to be guessed.
  reached(layer) {
    const now = arrivesAt(Number(state.b));
    return layer > 0 && layer >= now && !(state.ask === '1' && layer === now && layer < 5 &&
      !guesses().length);
  },

  draw() {
    if (Number(state.b) >= this.stages()) state.b = String(facts.order.length);
    const stage = Number(state.b), layer = arrivesAt(stage), operation = facts.order[stage - 1];
    const p = Number(state.p), w = Number(state.w), { step, steps, index } = recorded();
    const known = this.reached(layer), values = { step, steps: steps.join(', '), point: p, stage,
      stages: facts.order.length, operation, kind: facts.labels[p],
      weight: weightName(w), share: number(training() + '/shares', index, w, p) };
    this.picture(stage, layer);
    let now = `<p>${say(stage ? 'graph.walked' : 'graph.start', values)}</p>`;
    if (stage && layer) now += `<p><code>${escaped(this.sum(layer, this.unit(layer)))}</code> ` +
      (known ? `<output data-number="gradient">${this.gradient(layer, this.unit(layer))}</output>` +
        judged(0) : guessField(say('graph.gradient'))) + '</p>';
    fill('graph-now', layer ? now : now + `<p>${say('graph.end', values)}</p>`);
    const lines = facts.operations[operation] || [];
    fill('graph-source', operation ? `<h3>${say('graph.source', values)}</h3>` + source(lines,
      range(lines.length).slice(lines.findIndex(said => / (input|logs)=/.test(said)))) : '');
    numbersOf('graph', ['unit', 'value', 'gradient', 'factors'].map(name => say('graph.' + name)),
      () => LAYERS.flatMap(([name, count], layer) => range(count).map(i => [`${name}[${i}]`,
        this.value(layer, i), this.reached(layer) ? this.gradient(layer, i) : '',
        this.edges(layer, i).map(([, factor]) => factor).join('  ')])));
    tell('graph', values);
  },
  // [unit of the next layer, factor] for each edge.
  edges: (layer, i) => layer === 5 ? [] : range(LAYERS[layer + 1][1])
    .map(j => [j, graph.factor(layer, i, j)]).filter(([, factor]) => factor !== undefined),
  // The chain rule for one unit, written out: the sum over its edges of gradient times factor.
  sum(layer, i) {
    const terms = this.edges(layer, i).map(([j, factor]) =>
      `${bracketed(this.gradient(layer + 1, j))}*${bracketed(factor)}`);
    return `${say('graph.gradient')} ${LAYERS[layer][0]}[${i}] = ${terms.join(' + ')} =`;
  },
  // Where along its edge a factor stands, so that no two of them meet.
  along: (layer, i, j) => [0.72 - 0.26 * i, 0.5, 0.27 + 0.21 * j,
    i === j ? 0.5 : [1, -1].includes(i - j) ? 0.35 : 0.7, 0.45][layer],

  picture(stage, active) {
    let edges = '', labels = '', units = '';
    LAYERS.forEach(([name, count], layer) => {
      units += text(ACROSS[layer], 18, name, 'small middle');
      const on = layer === active && stage ? ' on' : '';
      for (let i = 0; i < count; i++) {
        const [x, y] = this.place(layer, i), chosen = on && layer && i === this.unit(layer);
        units += ring(x, y, 7, chosen ? 'unit chosen' : 'unit') +
          text(x, y - 12, this.value(layer, i), 'value middle') +
          (this.reached(layer) ? text(x, y + 21, this.gradient(layer, i), 'gradient middle') : '');
        for (const [j, factor] of this.edges(layer, i)) {
          const [x2, y2] = this.place(layer + 1, j), share = this.along(layer, i, j);
          edges += line(x + 8, y, x2 - 8, y2, 'edge' + on + (negative(factor) ? ' negative' : ''));
          const [mx, my] = [x + (x2 - x) * share, y + (y2 - y) * share + 4];
          labels += text(mx.toFixed(1), my.toFixed(1), factor, 'factor middle' + on);
        }
      }
    });
    const inside = edges + labels + units;
    fill('graph-picture', svg(1110, 530, say('graph.picture'), inside, 'class="wide"'));
  },

  asked() {
    const layer = arrivesAt(Number(state.b));
    return layer > 0 && layer < 5 ? this.gradient(layer, this.unit(layer)) : undefined;
  },
};
