// F: six curves and six lines that call themselves Adam's step. Which line makes which curve?
const shuffled = kind => facts.suspects[kind][state.s];
const cardName = card => 'ABCDEF'[shuffled('cards').indexOf(Number(card))];

const wrong = {
  draw() {
    const { lines, causes, answer, sizes, steps } = facts.suspects, marked = state.mark === '1';
    const curves = shuffled('curves'), closed = locked('q') || marked;
    const curve = (card, size) => numbers('suspects', card, size);
    const cause = card => `<br>${say('wrong.cause', { cause: causes[answer[card]],
      first: curve(card, 0)[0], longest: largest(curve(card, 0)), small: curve(card, 1)[0] })}`;
    fill('wrong-cards', shuffled('cards').map(card => `<div class="card" ${
      closed ? '' : `data-card="${card}"`}><b>${cardName(card)}</b>
      <code>${escaped(lines[card])}</code>${marked ? cause(card) : ''}</div>`).join(''));
    curves.forEach((card, i) => {
      const right = state.q[i] === String(card), name = say('wrong.curve', { i: i + 1 });
      const options = ['-', ...shuffled('cards')].map(value => `<option value="${value}" ${
        String(value) === state.q[i] ? 'selected' : ''}>${
        value === '-' ? say('words.choose') : cardName(value)}</option>`);
      fill('curve-' + i, `${chart('curve-' + i, range(2).map(size => ({ digits: curve(card, size),
        type: ['', 'beside'][size] })), { label: say('wrong.picture', { name }), title: name })}
        <label>${say('wrong.line', { i: i + 1 })} <select id="answer-${i}" data-answer="${i}" ${
        closed ? 'disabled' : ''}>${options.join('')}</select></label> ${marked
        ? `<b class="${right ? 'right' : 'not-right'}">${say(right ? 'words.right'
        : 'words.wrong')}: ${cardName(card)}</b>` : ''}`);
    });
    const right = curves.filter((card, i) => state.q[i] === String(card)).length;
    byId('wrong-score').textContent = marked ? say('wrong.score', { right }) : '';
    const left = [...state.q].filter(answer => answer === '-').length;
    byId('wrong-mark').textContent = say(left ? 'wrong.left' : 'wrong.mark', { left });
    byId('wrong-mark').disabled = marked || left > 0;
    byId('wrong-again').dataset.set = `mark=0&q=------&s=${(Number(state.s) + 1) % SEEDS}`;
    byId('wrong-share').hidden = !marked;
    const heads = curves.flatMap((_, i) => sizes.map(size => `${i + 1}: g = ${size}`));
    numbersOf('wrong', [say('words.step'), ...heads], () => range(steps).map(t => [t + 1,
      ...curves.flatMap(card => sizes.map((_, size) => number('suspects', card, size, t)))]));
  },

  answer: (i, card) => set({ q: [...state.q].map((old, at) =>
    at === i ? card : old === card ? '-' : old).join('') }),
};

// A card follows the pointer, finger or mouse, and is an answer where it is let go over a curve.
function dragCards() {
  let card = null, start = null;
  document.addEventListener('pointerdown', event => {
    card = event.target.closest('[data-card]');
    start = event;
    if (card) event.preventDefault();
  });
  document.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (!card) return;
    card.style.transform = `translate(${clientX - start.clientX}px, ${clientY - start.clientY}px)`;
    card.classList.add('dragged');
  });
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, event => {
    if (!card) return;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const curve = end === 'pointerup' && under && under.closest('[data-curve]');
    card.style.transform = '';
    card.classList.remove('dragged');
    if (curve) wrong.answer(Number(curve.dataset.curve), card.dataset.card);
    card = null;
  });
}
