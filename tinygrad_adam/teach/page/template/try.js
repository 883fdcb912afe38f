// E: one optimizer, one learning rate, one try; then all the others, and all seeds.
const triesOf = (o, lr) => numbers('tries/' + facts.tries.optimizers[o], Number(state.n), lr);
const trySeeds = () => facts.tries.seeds[state.s].slice(0, Number(state.k));
const ended = digits => finite(digits) ? digits : say('try.diverged');

const attempt = {
  draw() {
    const { optimizers, rates, budgets } = facts.tries, o = Number(state.o), lr = Number(state.lr);
    const ready = state.o !== '' && state.lr !== '', seeds = trySeeds(), all = state.all === '1';
    const values = { steps: budgets[state.n], optimizer: ready && runName(optimizers[o]),
      lr: rates[lr], start: number('adam/loss', 0),
      losses: ready && seeds.map(seed => ended(triesOf(o, lr)[seed])).join(', ') };
    const stage = !ready ? 'choose' : seeds.length ? 'result' : 'ready';
    const typed = seeds.length && guesses().pop();
    write('try-result', say('try.' + stage, values) +
      (typed ? ' ' + say('try.guessed', { typed }) : ''));
    fill('try-buttons', !ready ? '' : !seeds.length ? guessField(say('try.loss'), 'try.go') :
      button('try-more', say('try.more'), seeds.length < 20 ? `data-set="k=${seeds.length + 1}"`
        : 'disabled') + button('try-all', say('try.all'), all ? 'disabled' : 'data-set="all=1"') +
      button('try-again', say('try.again'), 'data-set="k=0&all=0&o=&lr="'));
    fill('try-clouds', all ? `<p>${say('try.read', values)}</p><div class="clouds">` +
      optimizers.map((_, o) => this.cloud(o)).join('') + '</div>' : '');
    numbersOf([say('words.optimizer'), say('words.rate'), say('try.column')],
      optimizers.flatMap((name, o) => rates.map((rate, lr) => [runName(name), rate,
        triesOf(o, lr).map(ended).join('  ')])).filter(() => all));
  },

  cloud(o) {
    const { rates, ticks, optimizers } = facts.tries, left = 58, right = 336, rail = 44;
    const y = scale('0.001', '3', 250, 60, 'log'), x = scale(0, rates.length, left, right);
    const seeds = trySeeds(), wide = scale(0, 20, 3, 22), name = runName(optimizers[o]);
    let rings = '', inside = text(left, 18, name, 'small strong') +
      tick(left, rail, say('try.diverged')) + line(left, rail, right, rail, 'rail') +
      ticks.map(at => line(left, y(at), right, y(at), 'zero') + tick(left, y(at), at)).join('');
    rates.forEach((rate, lr) => {
      if (lr % 2 === 0) inside += text(x(lr) + 13, 270, rate, 'tick middle');
      triesOf(o, lr).forEach((digits, seed) => {
        const at = [x(lr) + wide(seed), finite(digits) ? y(digits) : rail];
        inside += ring(...at, 1.9, 'trial ' + optimizers[o]);
        if (String(o) === state.o && String(lr) === state.lr && seeds.includes(seed))
          rings += ring(...at, 7);
      });
    });
    inside += text(right, 288, say('words.rate'), 'tick end') + tick(left, 24, say('try.axis'));
    const label = say('try.picture', { optimizer: name });
    return `<figure>${svg(340, 294, label, inside + rings)}</figure>`;
  },
};
