// What is printed: the step of the desk with blanks, and on a second sheet the numbers.
function sheet() {
  const one = deskNumbers(), t = Number(state.t), { rows, lines } = facts.rules[one.rule];
  const before = name => say('sheet.before', { name }), has = name => one.columns.includes(name);
  const given = [...has('w') ? [[say('words.seed'), state.s]] : [], ['t', t], ['g', one.at('g', t)],
    ...['m', 'v', 'w'].filter(has).map(name => [before(name), one.at(name, t - 1)]),
    ...Object.entries(one.settings).filter(([name]) => !name.startsWith('rest'))];
  const letters = formula => filled(one, formula, (name, old) => old ? before(name) : name);
  const solve = (name, formula) =>
    `${escaped(computed(one, formula, t))} = <b>${one.at(name, t)}</b>`;
  const sums = [...rows, ...has('w') ? [['w', '[w<] + [move]']] : []];
  const page = (title, solved) => `<section class="paper"><h2>${say(title)}</h2>
    ${solved ? '' : `<p class="name">${say('sheet.name')}</p>`}<p>${one.title}, ${
    say('words.step')} ${t}, ${one.subtitle}</p><table class="given"><tbody>${given.map(
    ([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`).join('')}
    </tbody></table><table><tbody>${sums.map(([name, formula]) => `<tr><th scope="row">${name}</th>
    <td>= ${escaped(letters(formula))}</td><td>= ${solved ? solve(name, formula)
    : '<span class="blank"></span>'}</td></tr>`).join('')}</tbody></table>`;
  byId('sheet').innerHTML = page('sheet.title') + `<p>${say('sheet.task')}</p><pre>${
    escaped(lines.join('\n'))}</pre></section>` + page('sheet.key', true) + '</section>';
}
