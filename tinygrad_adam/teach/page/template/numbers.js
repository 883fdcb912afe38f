// The numbers of the page: the digits that Python printed, unpacked. See packing.py.
const byId = id => document.getElementById(id);
const write = (id, said) => { byId(id).textContent = said; };
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const read = id => JSON.parse(byId(id).textContent);
const facts = read('facts'), strings = read('strings');
let mantissas, powers, classes;    // of all numbers, table after table; and of all pictures

async function inflated(id) {
  const packed = atob(byId(id).textContent), bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpack() {
  const planes = await inflated('numbers'), count = planes.length / 3;
  [mantissas, powers] = [new Int16Array(count), new Int8Array(count)];
  for (let at = 0, m = 0, p = 0; at < count; at++) {
    mantissas[at] = m += planes[at] + 256 * planes[count + at];
    powers[at] = p += planes[2 * count + at];
  }
  classes = await inflated('classes');
}

// What Python's format(x, '.4g') prints, from a mantissa of four digits and a power of ten.
function written(mantissa, power) {
  if (power > 125) return power === 126 ? 'nan' : mantissa > 0 ? 'inf' : '-inf';
  const number = Number(`${mantissa}e${power}`), plain = power > -8 && power < 1;
  return plain || mantissa === 0 ? String(number)
    : number.toExponential().replace(/[+-](?=\d$)/, '$&0');
}

// The digits at an index of a table: number('adam/m', weight, step).
function number(name, ...index) {
  const [start, shape] = facts.tables[name];
  const at = start + index.reduce((position, i, axis) => position * shape[axis] + i, 0);
  return written(mantissas[at], powers[at]);
}

// All digits along the last axis.
const numbers = (name, ...index) => range(facts.tables[name][1][index.length])
  .map(i => number(name, ...index, i));

const range = length => [...Array(length).keys()];
const negative = digits => digits.startsWith('-');
const size = digits => digits.replace(/^-/, '');
const finite = digits => !/inf|nan/.test(digits);
const sorted = all => all.filter(finite).sort((a, b) => Number(a) - Number(b));
const largest = all => sorted(all.map(size)).pop();
