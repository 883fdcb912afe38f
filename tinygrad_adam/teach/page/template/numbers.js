// The numbers of the page: the digits that Python printed, unpacked. See packing.py.
const byId = id => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const read = id => JSON.parse(byId(id).textContent);
const facts = read('facts'), strings = read('strings'), tables = {}, grids = {};

async function inflated(id) {
  const packed = atob(byId(id).textContent), bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function unpackNumbers() {
  const planes = await inflated('numbers'), count = planes.length / 3;
  let start = 0;
  for (const [name, shape] of facts.tables) {
    const size = shape.reduce((all, length) => all * length), row = shape[shape.length - 1];
    const mantissas = new Int16Array(size), powers = new Int8Array(size);
    for (let first = 0; first < size; first += row)
      for (let i = first, m = 0, p = 0, at = start + first; i < first + row; i++, at++) {
        mantissas[i] = m += planes[at] + 256 * planes[count + at];
        powers[i] = p += planes[2 * count + at];
      }
    tables[name] = { shape, mantissas, powers };
    start += size;
  }
}

async function unpackClasses() {
  const changes = await inflated('classes');
  let start = 0;
  for (const [name, [steps, cells]] of facts.grids) {
    const classes = changes.slice(start, start += steps * cells);
    for (let i = cells; i < classes.length; i++) classes[i] += classes[i - cells];
    grids[name] = step => classes.subarray(step * cells, (step + 1) * cells);
  }
}

// What Python's format(x, '.4g') prints, from a mantissa of four digits and a power of ten.
function written(mantissa, power) {
  if (power === 127) return mantissa > 0 ? 'inf' : '-inf';
  if (power === 126) return 'nan';
  if (mantissa === 0) return '0';
  const sign = mantissa < 0 ? '-' : '', point = power + 3;
  const digits = size(String(mantissa)).replace(/0+$/, '');
  if (point < -4 || point > 3) {
    const rest = digits.length > 1 ? '.' + digits.slice(1) : '';
    const power = size(String(point)).padStart(2, '0');
    return sign + digits[0] + rest + (point < 0 ? 'e-' : 'e+') + power;
  }
  if (point < 0) return sign + '0.' + '0'.repeat(-point - 1) + digits;
  const whole = digits.slice(0, point + 1).padEnd(point + 1, '0'), rest = digits.slice(point + 1);
  return sign + whole + (rest ? '.' + rest : '');
}

// The digits at an index of a table: number('adam/m', weight, step).
function number(name, ...index) {
  const { shape, mantissas, powers } = tables[name];
  const at = index.reduce((position, i, axis) => position * shape[axis] + i, 0);
  return written(mantissas[at], powers[at]);
}

// All digits along the last axis.
const numbers = (name, ...index) => range(tables[name].shape[index.length])
  .map(i => number(name, ...index, i));

const range = length => [...Array(length).keys()];
const negative = digits => digits.startsWith('-');
const size = digits => digits.replace(/^-/, '');
const finite = digits => !/inf|nan/.test(digits);
const sorted = all => all.filter(finite).sort((a, b) => Number(a) - Number(b));
const largest = all => sorted(all.map(size)).pop();
