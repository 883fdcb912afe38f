// F: six curves and six lines that call themselves Adam's step. Which line makes which curve?
const shuffled = kind => facts.suspects[kind][state.s];
const cardName = card => 'ABCDEF'[shuffled('cards').indexOf(Number(card))];

const wrong = {
  moved: {},

  draw() {
    const { lines, causes, answer, sizes, steps } = facts.suspects, marked = state.mark !== '0';
    const curves = shuffled('curves'), closed = locked('q') || marked, told = state.mark === '2';
    const rights = curves.map((card, i) => state.q[i] === String(card));
    const moved = this.moved.from ? say('wrong.moved', this.moved) : '';
    const curve = (card, size) => numbers('suspects', card, size);
    const cause = card => `<br>${say('wrong.cause', { cause: causes[answer[card]],
      first: curve(card, 0)[0], longest: largest(curve(card, 0)), small: curve(card, 1)[0] })}`;
    fill('wrong-cards', shuffled('cards').map(card => `<div class="card" ${
      closed ? '' : `data-card="${card}"`}><b>${cardName(card)}</b>
      <code>${escaped(lines[card])}</code>${told || marked && rights[curves.indexOf(card)]
      ? cause(card) : ''}</div>`).join(''));
    const letters = options([['-', say('words.choose')],
      ...shuffled('cards').map(card => [card, cardName(card)])]);
    curves.forEach((card, i) => {
      const right = rights[i], verdict = say(right ? 'words.right' : 'words.wrong');
      const name = say('wrong.curve', { i: i + 1 });
      fill('curve-' + i, `${chart('curve-' + i, range(2).map(size => ({ digits: curve(card, size),
        type: ['', 'beside'][size] })), { label: say('wrong.picture', { name }), title: name })}
        <label>${say('wrong.line', { i: i + 1 })} <select id="answer-${i}" data-answer="${i}" ${
        closed ? 'disabled' : ''}>${letters}</select></label> ${
        marked ? `<b class="${right ? 'right' : 'not-right'}">${told
          ? say('wrong.told', { verdict, letter: cardName(card) }) : verdict}</b>`
          : this.moved.from === i + 1 ? moved : ''}`);
      byId('answer-' + i).value = state.q[i];
    });
    const right = rights.filter(Boolean).length;
    write('wrong-score', marked ? say('wrong.score', { right }) : moved);
    this.moved = {};
    const left = [...state.q].filter(answer => answer === '-').length;
    write('wrong-mark', say(left ? 'wrong.left' : 'wrong.mark', { left }));
    byId('wrong-mark').disabled = marked || left > 0;
    byId('wrong-again').dataset.set = `mark=0&q=------&s=${(Number(state.s) + 1) % facts.seeds}`;
    byId('wrong-retry').dataset.set = `mark=0&q=${rights.map((right, i) =>
      right ? state.q[i] : '-').join('')}`;
    byId('wrong-more').hidden = !marked || right === 6 || told;
    byId('wrong-link').hidden = !marked;
    const heads = curves.flatMap((_, i) => sizes.map(size => `${i + 1}: g = ${size}`));
    numbersOf([say('words.step'), ...heads], range(steps).map(t => [t + 1,
      ...curves.flatMap(card => sizes.map((_, size) => number('suspects', card, size, t)))]));
  },

  // A line has one curve: if it stood at another, it moves, and that is said.
  answer(i, card) {
    const before = card === '-' ? i : state.q.indexOf(card), letter = cardName(card);
    if (before >= 0 && before !== i) this.moved = { letter, from: before + 1, to: i + 1 };
    set({ q: [...state.q].map((old, at) => at === i ? card : at === before ? '-' : old).join('') });
  },
};

// A card follows the pointer, finger or mouse, and is an answer where it is let go over a curve.
const dragged = { card: null, x: 0, y: 0 };

function drag({ type, target, clientX: x, clientY: y }) {
  if (type === 'pointerdown') Object.assign(dragged, { card: target.closest('[data-card]'), x, y });
  const { card } = dragged, ended = /up|cancel/.test(type);
  if (!card) return;
  card.style.transform = ended ? '' : `translate(${x - dragged.x}px, ${y - dragged.y}px)`;
  if (ended) dragged.card = null;
  const curve = type === 'pointerup' && document.elementFromPoint(x, y)?.closest('[data-curve]');
  if (curve) wrong.answer(Number(curve.dataset.curve), card.dataset.card);
}
