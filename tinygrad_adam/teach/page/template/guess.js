// Questions: a number stays covered until it is guessed, or until the learner gives up.
const asks = { graph: 'z r s t w p b', desk: 'z r s t w f b1 b2 eps c', E: 'z s o lr n' };
const question = () => asks[state.z].split(' ').map(key => state[key]).join();
const answers = {}, misses = {};    // of each question: all that is answered, the last wrong guess
const guesses = () => answers[question()] || [];
const judged = i => state.ask === '1' && guesses()[i]
  ? ` <span class="guess">${escaped(guesses()[i])}</span>` : '';

function guessField(name, check = 'words.check') {
  const missed = misses[question()], note = screen().asked?.() ? say('words.tolerance') : '';
  return `<input id="guess" autocomplete="off" size="8" placeholder="${say('words.yours')}"
    aria-label="${say('words.guess', { name })}" aria-describedby="guess-note">${
    button('check', say(check))}${button('uncover', say('words.uncover'), missed ? '' : 'hidden')}
    <small id="guess-note" role="status">${missed ? escaped(missed.said) : note}</small>`;
}

function guess() {
  const typed = byId('guess').value.trim().replace(',', '.').replace('\u2212', '-');
  if (!typed || !Number.isFinite(Number(typed)))
    return write('guess-note', say('words.noNumber'));
  const asked = screen().asked?.();
  if (!asked) return answer(typed, { k: 1 });
  if (near(typed, asked.digits)) return answer(say('words.guessed', { typed }));
  misses[question()] = { typed, said: say('words.missed', { typed, hint: hint(typed, asked) }) };
  write('guess-note', misses[question()].said);
  byId('uncover').hidden = false;
}

function answer(said, changes = {}) {
  answers[question()] = [...guesses(), said];
  delete misses[question()];
  set(changes);
  (byId('guess') || byId('screen')).focus({ preventScroll: true });
}

// The only sums of the script: they are not shown, but find out how a wrong guess was made.
const near = (typed, right) => Number(size(String(typed - right))) * 100 <= size(String(right));
const product = said => said.replace(/([^*]+)\^2/, '$1*$1').split('*')
  .reduce((all, factor) => all * factor.replace(/[()]/g, ''), 1);
const total = said => said.split(' + ').reduce((all, term) => all + product(term), 0);
const result = said => said.split(' / ').map(total).reduce((over, under) => over / under);
const leading = digits => Number(digits).toExponential().split('e')[0];

// A sum as it may go wrong: factors exchanged; a sign, a term, a square or a factor forgotten; or
// one of the known numbers in the place of another.
function slips(sum, known) {
  const terms = sum.split(' + '), others = ['1', ...known.map(([, digits]) => bracketed(digits))];
  return [sum.replace(/^(\S+?)\*(.*) (\S+?)\*/, '$3*$2 $1*'), sum.replace('^2', ''),
    ...terms.map((_, i) => terms.map((term, j) => i === j ? '-1*' + term : term).join(' + ')),
    ...terms.map((_, i) => terms.filter((_, j) => i !== j).join(' + ')),
    ...others.flatMap(other => [...sum.matchAll(/\(-[^)]*\)|[\d.]+(e[+-]\d+)?/g)].map(
      ({ 0: digits, index: at }) => sum.slice(0, at) + other + sum.slice(at + digits.length)))];
}

function hint(typed, { sum, digits, known }) {
  const taken = [...known, ...slips(sum, known).map(slip => [slip, slip])];
  const slip = Number(typed) && taken.find(([, other]) => near(typed, result(other)));
  const kinds = { sign: near(-typed, digits), slip, point: near(leading(typed), leading(digits)),
    side: typed * digits < 0, large: Number(size(typed)) > size(digits), small: true };
  return say('hints.' + Object.keys(kinds).find(kind => kinds[kind]), { what: slip && slip[0] });
}
