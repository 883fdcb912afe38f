// The page around the screens: controls, keys, questions, what the teacher sets.
const screen = () => ({ plane, graph, wishes, desk, E: attempt, F: wrong })[state.z];
const numbered = list => list.map((said, i) => [i, said]);

// What can be chosen, [value, text], for each setting with a menu.
const CHOICES = {
  r: facts.keys.map((key, i) => [key, `${i + 1}. ${runName(key)}`]), s: numbered(range(SEEDS)),
  w: facts.weights.map((_, i) => [i, weightName(i)]),
  p: facts.labels.map((kind, i) => [i, say('words.pointOf', { i, kind })]),
  x: [['', say('words.none')], ...facts.keys.map(key => [key, runName(key)])],
  sort: ['point', 'share', 'class'].map(key => [key, say('wishes.' + key)]),
  f: [['', say('desk.recorded')], ...numbered(strings.series)],
  b1: numbered(facts.play.beta1), b2: numbered(facts.play.beta2), eps: numbered(facts.play.eps),
  c: numbered(facts.play.correction.map(on => say('correction.' + on))),
  o: [['', say('words.choose')], ...numbered(facts.tries.optimizers.map(runName))],
  lr: [['', say('words.choose')], ...numbered(facts.tries.rates)], n: numbered(facts.tries.budgets),
};
const menu = key => `<label>${say('settings.' + key)} <select data-key="${key}" id="set-${key}">${
  CHOICES[key].map(([value, said]) => `<option value="${value}">${escaped(said)}</option>`).join('')
}</select></label>`;
const checkbox = (kind, key, said) => `<label><input type="checkbox" data-${kind}="${key}"
  id="${kind}-${key}"> ${said}</label>`;

// Write the strings and menus that a piece of the page asks for.
function dress(root) {
  for (const node of all('[data-say]', root)) node.textContent = say(node.dataset.say);
  for (const node of all('[data-label]', root)) node.ariaLabel = say(node.dataset.label);
  for (const node of all('[data-menus]', root))
    node.innerHTML = node.dataset.menus.split(' ').map(menu).join('');
}

// Questions: the guesses made, by what they were asked of.
const guessed = {}, asks = { graph: 'z r s t w p b', desk: 'z r s t w f b1 b2 eps c' };
const question = () => asks[state.z].split(' ').map(key => state[key]).join();
const guesses = () => guessed[question()] || [];
const judged = i => state.ask === '1' && guesses()[i]
  ? ` <span class="guess">${escaped(guesses()[i])}</span>` : '';
const guessField = name => `<input id="guess" autocomplete="off" size="8" placeholder="${
  say('words.yours')}" aria-label="${say('words.guess', { name })}">` +
  button('check', say('words.check'));

function guess() {
  const typed = byId('guess').value.trim().replace(',', '.'), asked = screen().asked();
  if (!typed || Number.isNaN(Number(typed))) return;
  const off = size(String(typed - asked)), right = Number(off) * 100 <= Number(size(asked));
  guessed[question()] = [...guesses(), say(right ? 'words.guessed' : 'words.missed', { typed })];
  show();
  (byId('guess') || byId('screen')).focus();
}

function walkBy(by) {
  const stage = Number(state.b) + by;
  if (screen().stages && stage >= 0 && stage < screen().stages()) set({ b: stage });
}

// One sentence says what is shown, for all readers; it is read aloud unless the page plays.
function tell(screen, values) {
  byId('told').setAttribute('aria-live', timer ? 'off' : 'polite');
  byId('told').textContent = say(screen + '.sentence', values);
}

let drawn = '', timer = 0;
function show() {
  const { z } = state, chapter = facts.chapters[z];
  if (!visible().includes(z)) return teach({ z: visible()[0] });
  if (Number(state.t) > lastStep()) state.t = String(lastStep());
  history.replaceState(null, '', address([]));
  fill('tabs', visible().map(name => button('tab-' + name, say(`screens.${name}.tab`),
    `data-set="z=${name}&b=0" ${name === z ? 'aria-current="page"' : ''}`)).join(''));
  if (drawn !== z) {
    byId('shown').replaceChildren(byId('template-' + z).content.cloneNode(true));
    dress(byId('shown'));
    byId('told').textContent = '';
    drawn = z;
  }
  byId('name').textContent = say(`screens.${z}.name`);
  byId('about').textContent = say(`screens.${z}.about`);
  byId('cursor').hidden = !ZOOMS.includes(z);
  screen().draw();
  byId('set-t').max = lastStep();
  const idle = { r: playing(), w: playing(), s: playing() || !(state.r in facts.starts) };
  const absent = { p: z === 'desk', x: playing(), ask: !screen().asked,
    ...Object.fromEntries(['b1', 'b2', 'eps', 'c'].map(key => [key, !playing()])) };
  for (const node of all('[data-key]')) {
    const { key } = node.dataset;
    if (node.type === 'checkbox') node.checked = state[key] === '1';
    else node.value = state[key];
    node.disabled = locked(key) || Boolean(idle[key]);
    node.parentNode.hidden = Boolean(absent[key]);
  }
  for (const node of all('button[data-set]'))
    if (node.dataset.set.split('&').some(said => locked(said.split('=')[0]))) node.disabled = true;
  for (const id of ['step-back', 'step-on', 'play']) byId(id).disabled = locked('t');
  byId('step-number').textContent = state.t;
  byId('play').textContent = say(timer ? 'words.stop' : 'words.play');
  const cursor = address(['only', 'lock', 'ask', 'q', 'mark']).slice(1) || 'z=plane';
  byId('reproduce').innerHTML = say('words.reproduce', { chapter, cursor: escaped(cursor) });
  for (const name of SCREENS) byId('only-' + name).checked = visible().includes(name);
  for (const node of all('[data-lock]')) node.checked = locked(node.dataset.lock);
  byId('link').value = location.href;
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

async function copy(id) {
  await navigator.clipboard.writeText(location.href);
  byId(id).textContent = say('words.copied');
}

// What the teacher ticks changes the address itself, so no lock is asked.
const teach = changes => show(Object.assign(state, changes));

function ticked(kind) {
  const boxes = all(`[data-${kind}]`), on = boxes.filter(box => box.checked);
  const free = kind === 'only' && (on.length === 0 || on.length === boxes.length);
  return { [kind]: free ? '' : on.map(box => box.dataset[kind]).join() };
}

// A press or drag on the loss chooses a step.
function scrub({ buttons, target, clientX }) {
  const chart = buttons === 1 && target.closest('.scrubber');
  if (!chart) return;
  const { left, width } = chart.getBoundingClientRect();
  const [first, last, start, end] = chart.dataset.ends.split(' ').map(Number);
  const t = scale(left + start * width, left + end * width, first, last)(clientX).toFixed(0);
  if (t !== state.t && t >= first && t <= last) set({ t });
}

function zoom(by) {
  const shown = visible().filter(z => ZOOMS.includes(z)), next = shown[shown.indexOf(state.z) + by];
  if (next) set({ z: next, b: 0 });
}

function press(event) {
  const { key, target } = event, act = {
    ArrowLeft: () => move(-1), ArrowRight: () => move(1), ArrowUp: () => zoom(-1),
    ArrowDown: () => zoom(1), ' ': () => play(!timer), n: () => walkBy(1), b: () => walkBy(-1),
  }[key] || (facts.keys[key - 1] && (() => set({ r: facts.keys[key - 1] })));
  if (target.id === 'guess' && key === 'Enter') guess();
  const typing = /INPUT|SELECT/.test(target.tagName) && target.type !== 'checkbox';
  const own = target.closest(key === ' ' ? 'button, summary, input' : '.scroll, pre');
  if (!act || typing || own || event.ctrlKey || event.metaKey || event.altKey ||
    !ZOOMS.includes(state.z)) return;
  event.preventDefault();
  act();
}

function listen() {
  const presses = { 'step-back': () => move(-1), 'step-on': () => move(1), next: () => walkBy(1),
    back: () => walkBy(-1), play: () => play(!timer), check: guess, print: () => print(),
    copy: () => copy('copy'), 'wrong-share': () => copy('wrong-share') };
  document.addEventListener('input', ({ target }) => {
    const { key, answer, only, lock } = target.dataset;
    if (key) set({ [key]: target.type === 'checkbox' ? Number(target.checked) : target.value });
    if (answer) wrong.answer(Number(answer), target.value);
    if (only) teach(ticked('only'));
    if (lock) teach(ticked('lock'));
  });
  document.addEventListener('click', ({ target }) => {
    const pressed = target.closest('button, [data-set]');
    if (!pressed) return;
    if (pressed.dataset.set) set(Object.fromEntries(new URLSearchParams(pressed.dataset.set)));
    if (presses[pressed.id]) presses[pressed.id]();
  });
  document.addEventListener('toggle', ({ target }) => {
    const key = target.dataset.open;
    if (!key || Boolean(opened[key]) === target.open) return;
    opened[key] = target.open;
    show();
  }, true);
  for (const kind of ['pointerdown', 'pointermove']) document.addEventListener(kind, scrub);
  document.addEventListener('keydown', press);
  window.addEventListener('hashchange', open);
  window.addEventListener('resize', show);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  dragCards();
}

// Read the address. Who got a link with restrictions does not see the teacher's part.
function open() {
  readAddress();
  byId('teaching').hidden = state.only !== '' || state.lock !== '';
  show();
}

async function start() {
  document.title = say('title');
  dress(document);
  fill('lesson', strings.lesson.map(said => `<li>${said}</li>`).join(''));
  fill('keys', strings.keys.map(([key, said]) => `<dt>${key}</dt><dd>${said}</dd>`).join(''));
  fill('only', SCREENS.map(z => checkbox('only', z, say(`screens.${z}.tab`))).join(''));
  fill('lock', [...'rstwpfo', 'lr', 'ask'].map(key =>
    checkbox('lock', key, say('settings.' + key))).join(''));
  if (typeof DecompressionStream === 'undefined') {
    byId('told').textContent = say('old');
    return;
  }
  const began = performance.now();
  await Promise.all([unpackNumbers(), unpackClasses()]);
  document.body.dataset.unpacked = performance.now() - began;
  listen();
  open();
  document.body.dataset.ready = 'yes';
}
start();
