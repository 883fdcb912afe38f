// The state of the page is its address: #r=adam&t=12&w=17&p=3&z=desk&only=desk,F&lock=lr&ask=1&s=2
const SETTINGS = facts.settings;    // [the value if the address does not say, a pattern of all]
const SCREENS = Object.keys(strings.screens), ZOOMS = SCREENS.slice(0, 4);
const allowed = (key, value) => new RegExp(`^(${SETTINGS[key][1]})$`).test(value);
const state = {};

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const [key, [normal]] of Object.entries(SETTINGS))
    state[key] = said.has(key) && allowed(key, said.get(key)) ? said.get(key) : normal;
}

const address = except => '#' + Object.entries(state)
  .filter(([key, value]) => value !== SETTINGS[key][0] && !except.includes(key))
  .map(([key, value]) => key + '=' + value).join('&');
const visible = () => SCREENS.filter(z => !state.only || state.only.split(',').includes(z));
// The seed of a run cannot be kept in another run, so its lock is one of the run too.
const locked = key => state.lock.split(',').some(lock => lock === key || lock + key === 'sr');

// Change settings, unless they are locked, and show it.
function set(changes) {
  for (const [key, value] of Object.entries(changes))
    if (!locked(key) && allowed(key, value)) state[key] = String(value);
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
const ofPoints = () => /graph|wishes/.test(state.z);
const stepsOf = () => ofPoints() ? recorded().steps : range(lastStep() + 1).slice(1);

// The next or the previous one of a list. At its ends there is none, and `set` does nothing.
const beside = (list, one, by) => list[list.map(String).indexOf(String(one)) + by];
const move = by => set({ t: beside(stepsOf(), state.t, by) });
const walk = by => set({ b: beside(range(screen().stages?.() || 0), state.b, by) });
const zoom = by => set({ z: beside(visible().filter(z => ZOOMS.includes(z)), state.z, by), b: 0 });
