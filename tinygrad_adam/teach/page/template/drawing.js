// Pictures, as text in SVG.
// The one place that computes: from the digits of a number to a position or a length in pixels.
// kind is 'linear', 'log', or 'root' for the side of a square whose area is the number.
function scale(from, to, start, end, kind = 'linear') {
  const bend = { linear: x => x, log: x => Math.log(x), root: x => Math.sqrt(x) }[kind];
  const [low, high] = [bend(Number(from)), bend(Number(to))];
  return digits => {
    const share = high === low ? 0.5 : (bend(Number(digits)) - low) / (high - low);
    return Math.round(10 * (start + (end - start) * share)) / 10;
  };
}

const escaped = said => String(said).replace(/&/g, '&amp;').replace(/</g, '&lt;');

// A string of strings.json by its dotted name, with {names} filled in.
const say = (name, values = {}) => name.split('.').reduce((part, key) => part[key], strings)
  .replace(/\{(\w+)\}/g, (_, key) => values[key]);

// Replace what is inside an element; what had the focus keeps it.
function fill(id, html) {
  const focused = document.activeElement.id;
  byId(id).innerHTML = html;
  if (document.activeElement.id !== focused) byId(focused)?.focus({ preventScroll: true });
}

const svg = (width, height, label, inside, more = '') => `<svg viewBox="0 0 ${width} ${height}"
  role="${inside.includes('role="radio"') ? 'radiogroup' : 'img'}" aria-label="${escaped(label)}"
  ${more}>${inside}</svg>`;
// Something in a picture that is chosen by a click, or with the arrow keys after Tab.
const choice = (key, i, said, inside) => `<g data-set="${key}=${i}" id="${key}-${i}" role="radio"
  aria-label="${say('settings.' + key)} ${escaped(said)}" ${String(i) === state[key]
  ? 'aria-checked="true" tabindex="0"' : 'aria-checked="false" tabindex="-1"'}><title>${
  escaped(said)}</title>${inside}</g>`;
const text = (x, y, said, type) =>
  `<text x="${x}" y="${y}" class="${type}">${escaped(said)}</text>`;
const tick = (x, y, said) => text(x - 6, y + 4, said, 'tick end');
const line = (x1, y1, x2, y2, type = '') =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${type}"/>`;
const box = (x, y, width, height, type = '') =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" class="${type}"/>`;
const ring = (x, y, r, type = 'ring') => `<circle cx="${x}" cy="${y}" r="${r}" class="${type}"/>`;
const arrow = (x1, x2, y, type) => line(x1, y, x2, y, 'arrow ' + type) +
  `<path d="M${x2} ${y}l${x2 < x1 ? 8 : -8} -5v10z" class="head ${type}"/>`;

// The mark of a class, so that colour is not needed: a circle, a square, a triangle.
const mark = (kind, x, y, r) => `<use href="#mark-${kind}" class="mark class-${kind}"
  x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}"/>`;
const classLegend = () => range(3).map(kind => `<span class="key"><svg viewBox="0 0 14 14">${
  mark(kind, 7, 7, 6)}</svg> ${say('words.class')} ${kind}</span>`).join(' ');

// Lines over the steps, as wide as the element they will fill. Each of `series` is {digits, type,
// name}: named lines are told apart above, in place of a title. The ends of the vertical axis are
// numbers of the series themselves.
function chart(id, series, { label, title = '', kind = 'linear', cursor }) {
  const values = series.flatMap(one => one.digits), last = series[0].digits.length;
  const ends = sorted(kind === 'log' ? values : ['0', ...values]), low = ends[0], high = ends.pop();
  const width = byId(id).clientWidth, left = 74, right = width - 14, top = 26, bottom = 136;
  const x = scale(1, last, left, right), y = scale(low, high, bottom, top, kind);
  let inside = (title && text(left, 14, title, 'small')) + line(left, top, left, bottom, 'axis') +
    line(left, bottom, right, bottom, 'axis') + tick(left, top, high) + tick(left, bottom, low) +
    text(left, bottom + 18, say('words.first'), 'tick') + tick(right + 6, bottom + 14, last);
  if (negative(low) && bottom - y('0') > 14 && y('0') - top > 14)
    inside += line(left, y('0'), right, y('0'), 'zero') + tick(left, y('0'), '0');
  if (cursor) inside += line(x(cursor), top, x(cursor), bottom, 'cursor');
  series.forEach(({ digits, type, name }, i) => {
    const start = left + 90 * i;
    if (name) inside += line(start, 10, start + 26, 10, 'curve ' + type) +
      text(start + 32, 14, name, 'small');
    const points = digits.map((d, t) => finite(d) ? `${x(t + 1)},${y(d)}` : '').filter(Boolean);
    inside += `<polyline points="${points.join(' ')}" class="curve ${type}"/>`;
    const here = digits[cursor - 1];
    if (here && finite(here)) inside += ring(x(cursor), y(here), 4, 'dot ' + type);
  });
  return svg(width, 158, label, inside);
}

// The numbers of a screen as a table under it.
function numbersOf(heads, rows) {
  const cell = (said, i) => `<t${i ? 'd' : 'h scope="row"'}>${escaped(said)}</t${i ? 'd' : 'h'}>`;
  const head = said => `<th scope="col">${escaped(said)}</th>`;
  byId('figures').hidden = rows.length === 0;
  const cells = (cell, row) => `<tr>${row.map(cell).join('')}</tr>`;
  fill('table', `<thead>${cells(head, heads)}</thead>
    <tbody>${rows.map(row => cells(cell, row)).join('')}</tbody>`);
}

// Source under a heading, with some lines lit. A long line goes on under its beginning.
const source = (head, lines, lit) => `<h3>${head}</h3><pre class="source">` + lines.map((said, i) =>
  `<span class="${lit.includes(i) ? 'lit' : ''}" style="--indent: ${said.search(/\S/)}">${
    escaped(said).replace(/^ +/, '<i>$&</i>')}</span>`).join('') + '</pre>';

const button = (id, said, more = '') =>
  `<button type="button" id="${id}" ${more}>${escaped(said)}</button>`;
const runName = key => say('runs.' + key);
const pointName = i => say('words.pointOf', { i, kind: facts.labels[i] });
const weightName = (w, { name, from, to } = facts.weights[w]) => `${name} (${from} → ${to})`;
