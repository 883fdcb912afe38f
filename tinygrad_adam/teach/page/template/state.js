// The state of the page is its address: #r=adam&t=12&w=17&p=3&z=desk&only=desk,F&lock=lr&ask=1&s=2
const SCREENS = ['plane', 'graph', 'wishes', 'desk', 'E', 'F'], ZOOMS = SCREENS.slice(0, 4);
const among = choices => text => choices.map(String).includes(text);
const below = end => text => /^\d+$/.test(text) && Number(text) < end;
const listed = allowed => text => text === '' || text.split(',').every(allowed);
const SEEDS = facts.tries.seeds.length;

// What each setting may be; the first value is the one it has when the address does not say.
const SETTINGS = {
  z: ['plane', among(SCREENS)],                                          // the screen
  r: ['adam', among(facts.keys)],                                        // the run
  s: ['0', below(SEEDS)],                                                // the seed
  t: ['1', text => text !== '0' && below(facts.steps + 1)(text)],        // the step
  w: ['0', below(facts.weights.length)],                                 // the weight
  p: ['0', below(facts.labels.length)],                                  // the point
  b: ['0', below(10)],                                                   // how far the walk is
  x: ['', among(['', ...facts.keys])],                                   // the run beside it
  sort: ['point', among(['point', 'share', 'class'])],
  f: ['', among(['', ...range(facts.play.series.length)])],                // gradients to play with
  b1: ['2', below(facts.play.beta1.length)], b2: ['2', below(facts.play.beta2.length)],
  eps: ['0', below(facts.play.eps.length)], c: ['0', below(facts.play.correction.length)],
  o: ['', among(['', ...range(facts.tries.optimizers.length)])],         // one try
  lr: ['', among(['', ...range(facts.tries.rates.length)])],
  n: ['1', below(facts.tries.budgets.length)],
  k: ['0', below(facts.tries.seeds[0].length + 1)],                      // tries made
  q: ['------', text => /^[-0-5]{6}$/.test(text)],                       // the answers to F
  all: ['0', below(2)], mark: ['0', below(2)], ask: ['0', below(2)],
  only: ['', listed(among(SCREENS))],
  lock: ['', listed(key => key in SETTINGS)],
};
const state = {};

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const [key, [normal, allowed]] of Object.entries(SETTINGS))
    state[key] = said.has(key) && allowed(said.get(key)) ? said.get(key) : normal;
}

const address = except => '#' + Object.entries(state)
  .filter(([key, value]) => value !== SETTINGS[key][0] && !except.includes(key))
  .map(([key, value]) => key + '=' + value).join('&');
const visible = () => SCREENS.filter(z => !state.only || state.only.split(',').includes(z));
const locked = key => state.lock.split(',').includes(key);

// Change settings, unless they are locked, and show it.
function set(changes) {
  for (const [key, value] of Object.entries(changes))
    if (!locked(key) && SETTINGS[key][1](String(value))) state[key] = String(value);
  if ('o' in changes || 'lr' in changes) state.k = '0';
  show();
}

// The recorded training: Adam has several, one for each seed.
const trainingOf = run => (facts.starts[run] || [])[state.s] || run;
const training = () => trainingOf(state.r);
const playing = () => state.z === 'desk' && state.f !== '';
const lastStep = () => playing() ? facts.play.steps : facts.steps;

// On the screens of single points only some steps are recorded: the last one up to the cursor.
function recorded() {
  const { steps } = facts.runs[training()];
  const index = steps.filter(step => step <= Number(state.t)).length - 1;
  return { index, step: steps[index], steps };
}

function move(by) {
  const { index, steps } = recorded();
  const next = /graph|wishes/.test(state.z) ? steps[index + by] : Number(state.t) + by;
  if (next >= 1 && next <= lastStep()) set({ t: next });
}
