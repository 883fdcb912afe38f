// The page around the screens: controls, keys, questions, what the teacher sets.
const screen = () => ({ plane, graph, wishes, desk, E: attempt, F: wrong })[state.z];
const numbered = list => list.map((said, i) => [i, said]);

// What can be chosen, [value, text], for each setting with a menu.
const CHOICES = {
  r: facts.keys.map((key, i) => [key, `${i + 1}. ${runName(key)}`]),
  s: numbered(range(facts.seeds)), w: facts.weights.map((_, i) => [i, weightName(i)]),
  p: facts.labels.map((_, i) => [i, pointName(i)]),
  x: [['', say('words.none')], ...facts.keys.map(key => [key, runName(key)])],
  sort: ['point', 'share', 'class'].map(key => [key, say('wishes.' + key)]),
  f: [['', say('desk.recorded')], ...numbered(strings.series)],
  b1: numbered(facts.play.beta1), b2: numbered(facts.play.beta2), eps: numbered(facts.play.eps),
  c: numbered(facts.play.correction.map(on => say('correction.' + on))),
  o: [['', say('words.choose')], ...numbered(facts.tries.optimizers.map(runName))],
  lr: [['', say('words.choose')], ...numbered(facts.tries.rates)], n: numbered(facts.tries.budgets),
};
const options = choices => choices.map(([value, said]) =>
  `<option value="${value}">${escaped(said)}</option>`).join('');
const menu = key => `<label>${say('settings.' + key)} <select data-key="${key}" id="set-${key}">${
  options(CHOICES[key])}</select></label>`;

// Write the strings and menus that a piece of the page asks for.
function dress(root) {
  for (const node of all('[data-say]', root)) node.textContent = say(node.dataset.say);
  for (const node of all('[data-label]', root))
    node.setAttribute('aria-label', say(node.dataset.label));
  for (const node of all('.file', root)) node.hidden = !isFile;
  for (const node of all('[data-menus]', root))
    node.innerHTML = node.dataset.menus.split(' ').map(menu).join('');
}

// Questions: the guesses made, by what they were asked of.
const guessed = {};
const asks = { graph: 'z r s t w p b', desk: 'z r s t w f b1 b2 eps c', E: 'z s o lr n' };
const question = () => asks[state.z].split(' ').map(key => state[key]).join();
const guesses = () => [...guessed[question()] || []];
const judged = i => state.ask === '1' && guesses()[i]
  ? ` <span class="guess">${escaped(guesses()[i])}</span>` : '';
const guessField = (name, check = 'words.check') => `<input id="guess" autocomplete="off" size="8"
  placeholder="${say('words.yours')}" aria-label="${say('words.guess', { name })}"
  aria-describedby="guess-note">${button('check', say(check))} <small id="guess-note"
  role="status">${screen().asked() && say('words.tolerance')}</small>`;

function guess() {
  const typed = byId('guess').value.trim().replace(',', '.').replace('\u2212', '-');
  if (!typed || !Number.isFinite(Number(typed)))
    return write('guess-note', say('words.noNumber'));
  const asked = screen().asked(), off = size(String(typed - asked));
  const said = Number(off) * 100 <= Number(size(asked)) ? 'guessed' : 'missed';
  guessed[question()] = [...guesses(), asked ? say('words.' + said, { typed }) : typed];
  set(asked ? {} : { k: 1 });
  (byId('guess') || byId('screen')).focus({ preventScroll: true });
}

function walkBy(by) {
  const stage = Number(state.b) + by;
  if (screen().stages && stage >= 0 && stage < screen().stages()) set({ b: stage });
}

// One sentence says what is shown, for all readers; it is read aloud unless the page plays.
function tell(screen, values) {
  byId('told').setAttribute('aria-live', timer ? 'off' : 'polite');
  write('told', say(screen + '.sentence', values));
}

let drawn = '', timer = 0;
function show() {
  const { z } = state, chapter = facts.chapters[z];
  if (!visible().includes(z)) return teach({ z: visible()[0] });
  if (Number(state.t) > lastStep()) state.t = String(lastStep());
  if (ofPoints() && !locked('t')) state.t = String(recorded().step);
  history.replaceState(null, '', address([]));
  fill('tabs', visible().map(name => button('tab-' + name, say(`screens.${name}.tab`),
    `data-set="z=${name}&b=0" ${name === z ? 'aria-current="page"' : ''}`)).join(''));
  if (drawn !== z) {
    byId('shown').replaceChildren(byId('template-' + z).content.cloneNode(true));
    dress(byId('shown'));
    write('told', '');
    drawn = z;
  }
  write('name', say(`screens.${z}.name`));
  write('about', say(`screens.${z}.about`));
  byId('cursor').hidden = !ZOOMS.includes(z);
  screen().draw();
  const tried = state.k !== '0', idle = { o: tried, lr: tried, n: tried && state.all === '0',
    r: playing(), w: playing(), s: playing() || !(state.r in facts.starts) };
  const absent = { p: z === 'desk', x: playing(), ask: !screen().stages,
    ...Object.fromEntries(['b1', 'b2', 'eps', 'c'].map(key => [key, !playing()])) };
  for (const node of all('[data-key]')) {
    const { key } = node.dataset;
    if (node.type === 'range') node.max = lastStep();
    if (node.type === 'checkbox') node.checked = state[key] === '1';
    else node.value = state[key];
    node.disabled = locked(key) || Boolean(idle[key]);
    node.parentNode.hidden = Boolean(absent[key]);
  }
  for (const node of all('button[data-set]'))
    if (node.dataset.set.split('&').some(said => locked(said.split('=')[0]))) node.disabled = true;
  for (const id of ['step-back', 'step-on', 'play']) byId(id).disabled = locked('t');
  write('step-number', state.t);
  write('play', say(timer ? 'words.stop' : 'words.play'));
  const cursor = address(['only', 'lock', 'ask', 'q', 'mark']).slice(1) || 'z=plane';
  byId('reproduce').innerHTML = say('words.reproduce', { chapter, cursor: escaped(cursor) });
  for (const box of all('[data-list]'))
    box.checked = box.dataset.list === 'lock' ? locked(box.value) : visible().includes(box.value);
  for (const field of all('.link input')) field.value = isFile ? address([]) : location.href;
  sheet();
}

function play(on) {
  clearInterval(timer);
  timer = on && !locked('t') ? setInterval(() => {
    const before = state.t;
    move(1);
    if (state.t === before) play(false);
  }, matchMedia('(prefers-reduced-motion: reduce)').matches ? 1500 : 150) : 0;
  show();
}

// The address of a file means nothing to others: then only its end is copied.
const isFile = location.protocol === 'file:';

async function copy({ nextElementSibling: field }) {
  field.select();
  const done = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
  field.nextElementSibling.textContent = say(done ? 'words.copied' : 'words.refused');
}

// What the teacher ticks changes the address itself, so no lock is asked.
const teach = changes => show(Object.assign(state, changes));

function ticked(list) {
  const boxes = all(`[data-list=${list}]`), on = boxes.filter(box => box.checked);
  const free = list === 'only' && on.length === boxes.length;
  teach({ [list]: free ? '' : on.map(box => box.value).join() });
}

function zoom(by) {
  const shown = visible().filter(z => ZOOMS.includes(z)), next = shown[shown.indexOf(state.z) + by];
  if (next) set({ z: next, b: 0 });
}

const choose = said => set(Object.fromEntries(new URLSearchParams(said)));

// In a picture the arrow keys choose what stands beside what has the focus.
function besides(radio) {
  if (!radio.matches('[role=radio]')) return {};
  const before = radio.previousElementSibling || radio, after = radio.nextElementSibling || radio;
  return { ArrowLeft: before, ArrowUp: before, ArrowRight: after, ArrowDown: after };
}

function pick({ id, dataset }) {
  if (!dataset.set) return;
  choose(dataset.set);
  byId(id).focus();
}

function press(event) {
  const { key, target } = event, run = facts.keys[key - 1], beside = besides(target)[key];
  const act = beside ? () => pick(beside) : run ? () => set({ r: run }) : {
    ArrowLeft: () => move(-1), ArrowRight: () => move(1), ArrowUp: () => zoom(-1),
    ArrowDown: () => zoom(1), ' ': () => play(!timer), n: () => walkBy(1), b: () => walkBy(-1),
  }[key];
  if (target.id === 'guess' && key === 'Enter') guess();
  const typing = target.matches('select, input:not([type=checkbox], [type=range])');
  const own = target.closest(key === ' ' ? 'button, summary, input' : '.scroll, pre');
  if (!act || typing || own || event.ctrlKey || event.metaKey || event.altKey ||
    !ZOOMS.includes(state.z)) return;
  event.preventDefault();
  act();
}

function listen() {
  const presses = { 'step-back': () => move(-1), 'step-on': () => move(1), next: () => walkBy(1),
    back: () => walkBy(-1), play: () => play(!timer), check: guess, print: () => print() };
  document.addEventListener('input', ({ target }) => {
    const { key, answer, list } = target.dataset;
    if (key) set({ [key]: target.type === 'checkbox' ? Number(target.checked) : target.value });
    if (answer) wrong.answer(Number(answer), target.value);
    if (list) ticked(list);
  });
  document.addEventListener('click', ({ target }) => {
    const pressed = target.closest('button, [data-set]');
    if (!pressed) return;
    if (pressed.dataset.set) choose(pressed.dataset.set);
    if (presses[pressed.id]) presses[pressed.id]();
    if (pressed.matches('.link button')) copy(pressed);
    if (pressed.matches('[role=radio]')) document.activeElement.blur();    // arrows move the step
  });
  document.addEventListener('keydown', press);
  window.addEventListener('hashchange', open);
  window.addEventListener('resize', show);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  dragCards();
}

// Read the address. Who got a link from a teacher does not see the teacher's part.
function open() {
  readAddress();
  byId('teacher').hidden = Boolean(state.only || state.lock || state.ask === '1');
  show();
}

async function start() {
  dress(document);
  if (typeof DecompressionStream === 'undefined') return write('told', say('old'));
  const began = performance.now();
  await Promise.all([unpackNumbers(), unpackClasses()]);
  document.body.dataset.unpacked = performance.now() - began;
  listen();
  open();
  document.body.dataset.ready = 'yes';
}
start();
