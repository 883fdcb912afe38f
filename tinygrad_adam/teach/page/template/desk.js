// D: the desk, where a step of one weight is computed; or with a series of gradients in its place.
// Where the desk gets its numbers: at(column, step), with steps from 1, and series(column).
function deskOfRun(key) {
  const { rule, columns, settings } = facts.runs[key], w = Number(state.w);
  return {
    rule, settings, columns: [...columns, 'w'], title: runName(key.split('-')[0]),
    subtitle: weightName(w),
    at(column, step) {
      if (column === 'root') return this.at('divisor', step);    // eps has no part in four digits
      if (column === 'w') return number(key + '/w', w, step);    // w has one before the first step
      return step < 1 ? '0' : number(`${key}/${column}`, w, step - 1);
    },
    series: column => numbers(`${key}/${column}`, w),
  };
}

function deskOfPlay() {
  const { play } = facts, { f, c, b1, b2, eps } = state;
  const path = column => ['play/' + column, ...play.index[column].map(key => Number(state[key]))];
  return {
    rule: play.rules[c], columns: play.columns[c],
    title: say('series.' + f), subtitle: say('correction.' + play.correction[c]),
    settings: { lr: play.lr, beta1: play.beta1[b1], rest1: play.rest1[b1],
      beta2: play.beta2[b2], rest2: play.rest2[b2], eps: play.eps[eps] },
    at: (column, step) => step < 1 ? '0' : number(...path(column), step - 1),
    series: column => numbers(...path(column)),
  };
}

const deskNumbers = () => playing() ? deskOfPlay() : deskOfRun(training());
const bracketed = digits => negative(digits) ? `(${digits})` : digits;

// A formula with the settings in it, and names or the numbers of a step.
const filled = (desk, formula, named) => formula.replace(/\{(\w+)\}/g, (_, key) =>
  desk.settings[key]).replace(/\[(\w+)(<?)\]/g, (_, name, before) => named(name, before));
const computed = (desk, formula, t) => filled(desk, formula, (name, before) =>
  name === 't' ? t : bracketed(desk.at(name, before ? t - 1 : t)));

// With questions on, the numbers of a step are covered from the first that is not yet guessed on.
const rowsOf = desk => facts.rules[desk.rule].rows;
const firstCovered = rows => state.ask === '1' ? guesses().length : rows.length;
const covered = (desk, name) =>
  rowsOf(desk).findIndex(row => row[0] === name) >= firstCovered(rowsOf(desk));
// Where g comes from: of the recorded run, from the points at the nearest steps that show them.
function origin() {
  const { index, step, steps } = recorded(), end = index + (step === Number(state.t) ? 1 : 2);
  const near = visible().includes('wishes') ? steps.slice(index, end) : [];
  return say('desk.given') + near.map(step => button('see-' + step, say('desk.see', { step }),
    `data-set="t=${step}&z=wishes&b=0"`)).join('');
}

function deskOf(desk, t, first, lit) {
  const from = first ? firstCovered(rowsOf(desk)) : rowsOf(desk).length;
  const output = name => `<output data-number="${name}">${desk.at(name, t)}</output>`;
  const row = (head, sum, digits, type = '') => `<tr class="${type}"><th scope="row">${head}</th>
    <td>${sum}</td><td class="number"><span>=&nbsp;${digits}</span></td></tr>`;
  const asking = name => `<tr class="lit"><td colspan="3">${guessField(name)}</td></tr>`;
  const rows = rowsOf(desk).map(([name, formula], i) => row(
    first ? button('row-' + name, name, `data-set="b=${i}" aria-pressed="${i === lit}"`) : name,
    i <= from ? `<code>${escaped(computed(desk, formula, t))}</code>${first ? judged(i) : ''}` : '',
    i < from ? output(name)
      : `<b title="${say('words.covered')}">?</b>`,
    first && i === lit ? 'lit' : '') + (i === from ? asking(name) : ''));
  const known = from === rowsOf(desk).length, trained = desk.columns.includes('w');
  const given = !trained ? say('desk.chosen') : first ? origin() : '';
  const after = trained ? row('w', `<code>${desk.at('w', t - 1)} + ${known ? bracketed(
    desk.at('move', t)) : '?'}</code>`, known ? output('w') : '?') : '';
  return `<h3>${desk.title}, ${say('words.step')} ${t} <small>${desk.subtitle}</small></h3>
    <table class="sum"><tbody>${row('g', given, output('g'))}
    ${rows.join('')}${after}</tbody></table>
    <figure class="desk-picture">${deskPicture(desk, t, first)}</figure>`;
}

// m as an arrow, v as a square whose area it is: m_hat beside the side of v_hat is the step / lr.
function deskPicture(desk, t, first) {
  const names = ['g', 'm', 'm_hat', 'v', 'v_hat'].filter(name =>
    desk.columns.includes(name) && !(first && covered(desk, name)));
  const arrows = names.filter(name => name[0] !== 'v'), scaled = names.includes('v_hat') ||
    !desk.columns.includes('v_hat');    // the side of v is only known where that of v_hat is
  const squares = names.filter(name => scaled && name[0] === 'v' && desk.at(name, t) !== '0');
  const root = squares.length ? desk.at('root', t) : '0';
  const longest = largest([root, ...arrows.map(name => desk.at(name, t))]);
  if (longest === '0') return `<p>${say('desk.still')}</p>`;
  const pixels = scale('0', longest, 0, 145), left = 200, floor = 205;
  let inside = line(left, 8, left, floor, 'zero');
  for (const name of squares) {
    const area = desk.at(squares[squares.length - 1], t);
    const edge = scale('0', area, 0, pixels(root), 'root')(desk.at(name, t));
    inside += box(left, floor - edge, edge, edge, name) +
      text(left + edge + 4, floor - (name === 'v' ? 4 : edge - 10), name, 'small');
  }
  arrows.forEach((name, i) => {
    const back = negative(desk.at(name, t)), end = left + pixels(desk.at(name, t)), y = 22 + 24 * i;
    inside += arrow(left, end, y, name) + text(end + (back ? -6 : 6), y + 4, name,
      back ? 'small end' : 'small');
  });
  const said = names.map(name => `${name} = ${desk.at(name, t)}`).join(', ');
  return svg(400, 212, say('desk.picture', { numbers: said }), inside) +
    `<figcaption>${say(squares.length ? 'desk.caption' : 'desk.arrows')}</figcaption>`;
}

const desk = {
  stages: () => rowsOf(deskNumbers()).length,

  draw() {
    const one = deskNumbers(), t = Number(state.t), { rows, lines, lit } = facts.rules[one.rule];
    const two = !playing() && state.x ? deskOfRun(trainingOf(state.x)) : null;
    const next = state.ask === '1' ? firstCovered(rows) : Number(state.b);
    const row = next < rows.length ? next : rows.length - 1, unknown = covered(one, 'move');
    const seen = digits => unknown ? digits.slice(0, t - 1) : digits;
    fill('desk-one', deskOf(one, t, true, row));
    fill('desk-two', two ? deskOf(two, t, false) : '');
    const [name] = rows[row], head = say('desk.source', { rule: one.rule.split(' ')[0], name });
    fill('desk-source', source(head, lines, lit[name]));
    const curve = (from, column, type, name) => ({ digits: seen(from.series(column)), type, name });
    const means = ['g', 'm', 'm_hat'].filter(name => one.columns.includes(name));
    const draw = (id, series, title) => fill(id, unknown && t === 1 ? '' : chart(id, series,
      { title, label: say('desk.history', { names: title || means.join(', ') }), cursor: t }));
    draw('desk-means', means.map(name => curve(one, name, name, name)));
    draw('desk-moves', [curve(one, 'move/lr', ''), ...two ? [curve(two, 'move/lr', 'beside')] : []],
      say('desk.length'));
    write('desk-pair', two ? say('desk.pair', { one: one.title, two: two.title }) : '');
    numbersOf([say('words.step'), ...one.columns], seen(one.series('g')).map((_, i) =>
      [i + 1, ...one.columns.map(column => one.at(column, i + 1))]));
    tell('desk', { step: t, what: one.title, g: one.at('g', t),
      move: unknown ? say('words.covered') : one.at('move', t) });
  },

  // The row to guess: its sum, its number, and the numbers that may be taken for it.
  asked() {
    const one = deskNumbers(), t = Number(state.t), rows = rowsOf(one), done = guesses().length;
    const [name, formula] = rows[done], known = ['g', ...rows.slice(0, done).map(row => row[0])];
    return { sum: computed(one, formula, t), digits: one.at(name, t), known: [
      ...known.map(name => [name, one.at(name, t)]),
      [say('sheet.before', { name }), one.at(name, t - 1)]] };
  },
};
