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
  for (const node of all('.legend', root)) node.innerHTML = classLegend();
  for (const node of all('[data-menus]', root))
    node.innerHTML = node.dataset.menus.split(' ').map(menu).join('');
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
    f: locked('t') && Number(state.t) > facts.play.steps,
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
  for (const node of all('button[data-set]')) {
    const [[key, value]] = settingsIn(node);
    if (locked(key) && state[key] !== value) node.disabled = true;
  }
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
  timer = on && !locked('t') ? setInterval(
    () => Number(state.t) === lastStep() ? play(false) : move(1),
    matchMedia('(prefers-reduced-motion: reduce)').matches ? 1500 : 150) : 0;
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

function ticked({ value, checked, dataset: { list } }) {
  const before = list === 'only' ? visible() : state.lock.split(',').filter(Boolean);
  const on = [...before.filter(other => other !== value), ...checked ? [value] : []];
  teach({ [list]: list === 'only' && on.length === SCREENS.length ? '' : on.join() });
}

const settingsIn = ({ dataset }) => [...new URLSearchParams(dataset.set)];
const choose = node => set(Object.fromEntries(settingsIn(node)));

// In a picture the arrow keys choose what stands beside what has the focus.
function pickBeside(radio, by) {
  const ids = all('[role=radio]', radio.parentNode).map(({ id }) => id);
  byId(beside(ids, radio.id, by))?.focus();
  choose(document.activeElement);
}

function press(event) {
  const { key, target } = event, run = facts.keys[key - 1];
  const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
  const go = /Up|Down/.test(key) ? zoom : move, inPicture = target.matches('[role=radio]');
  const act = by ? () => inPicture ? pickBeside(target, by) : go(by) : run ? () => set({ r: run })
    : { ' ': () => play(!timer), n: () => walk(1), b: () => walk(-1) }[key];
  if (target.id === 'guess' && key === 'Enter') guess();
  const typing = target.matches('select, input:not([type=checkbox], [type=range])');
  const own = target.closest(key === ' ' ? 'button, summary, input' : '.scroll');
  if (!act || typing || own || event.ctrlKey || event.metaKey || event.altKey ||
    !ZOOMS.includes(state.z)) return;
  event.preventDefault();
  act();
}

function listen() {
  const presses = { 'step-back': () => move(-1), 'step-on': () => move(1), next: () => walk(1),
    back: () => walk(-1), play: () => play(!timer), check: guess, print: () => print(),
    uncover: () => answer(say('words.uncovered', misses[question()])),
    skip: () => byId('screen').focus() };
  document.addEventListener('input', ({ target }) => {
    const { key, answer, list } = target.dataset;
    if (key) set({ [key]: target.type === 'checkbox' ? Number(target.checked) : target.value });
    if (answer) wrong.answer(Number(answer), target.value);
    if (list) ticked(target);
  });
  document.addEventListener('click', ({ target }) => {
    const pressed = target.closest('button, [data-set]');
    if (!pressed) return;
    if (pressed.dataset.set) choose(pressed);
    if (presses[pressed.id]) presses[pressed.id]();
    if (pressed.matches('.link button')) copy(pressed);
    if (pressed.matches('[role=radio]')) document.activeElement.blur();    // arrows move the step
  });
  document.addEventListener('keydown', press);
  window.addEventListener('hashchange', open);
  window.addEventListener('resize', show);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  for (const type of ['down', 'move', 'up', 'cancel'])
    document.addEventListener('pointer' + type, drag);
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
  await unpack();
  listen();
  open();
  document.body.dataset.ready = 'yes';
}
start();
