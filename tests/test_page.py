"""The page to play with: its numbers, its script, and in a browser all that can be done with it.

The tests in a browser need Playwright (`pip install playwright`) and a Chromium, that of Playwright
(`playwright install chromium`) or one of the system (`apt-get install chromium`).
"""
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from tinygrad_adam import optim
from tinygrad_adam.teach import lab
from tinygrad_adam.teach.page import build, facts, games, packing, play, runs
from tinygrad_adam.teach.page.__main__ import main

SCREENS = ['plane', 'graph', 'wishes', 'desk', 'E', 'F']


@pytest.fixture(scope='module')
def tables():
    return build.tables()


@pytest.fixture(scope='module')
def again():
    return build.tables()


def exported(tables):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, 'tables', lambda: tables)
        return build.page()


@pytest.fixture(scope='module')
def html(tables):
    return exported(tables)


def stored(html, id):
    return re.search(rf'<script type="[a-z/]+" id="{id}">(.*?)</script>', html, re.S)[1]


# The numbers.

@pytest.mark.parametrize('x', [0.0, -0.0, 1, -1, 0.5, 123456, 9999.5, 0.00012345, 0.000099999, 1e-8,
                               -2.5e-17, 1e99, 1000, 999.95, np.inf, -np.inf, np.nan])
def test_digits_are_those_that_python_prints(x):
    assert packing.text(*packing.digits(x)) == f'{x + 0.0:.4g}'


def test_every_stored_number_is_that_of_a_fresh_run(html, again):
    numbers, classes = again
    said = json.loads(stored(html, 'facts'))
    found = packing.unpacked(stored(html, 'numbers'), said['tables'])
    assert list(found) == list(numbers)
    for name, table in numbers.items():
        expected = [f'{x + 0.0:.4g}' for x in table.ravel().tolist()]
        assert np.array(found[name], object).ravel().tolist() == expected, name
    grids = packing.unpacked_classes(stored(html, 'classes'), said['pictures'])
    for name, grid in classes.items():
        np.testing.assert_array_equal(grids[name], grid)


def test_exporting_again_gives_the_same_bytes(html, again):
    assert exported(again) == html


def test_the_page_is_at_most_two_megabytes_and_loads_nothing(html):
    assert len(html.encode('utf-8')) <= 2e6
    assert re.findall(r'(?:https?:)?//[a-z]+\.[a-z]', html.partition('id="numbers"')[0]) == []
    assert re.findall(r'<(?:script|img|iframe)[^>]* src=|<link[^>]* href="(?!data:,")', html) == []
    assert "default-src 'none'" in html


def test_the_script_is_short_and_computes_nothing_but_pixels():
    script = build.script()
    assert len(script.splitlines()) <= 900
    scaling = script[script.index('function scale('):script.index('const escaped')]
    elsewhere = script.replace(scaling, '')
    assert 'Math.' in scaling and 'Math.' not in elsewhere and '**' not in elsewhere
    assert not re.search(r'\b(fetch|XMLHttpRequest|import|eval|WebSocket|localStorage)\b', script)


def test_all_strings_are_used_and_all_that_are_used_are_there():
    script = build.script() + (build.TEMPLATE / 'page.html').read_text(encoding='utf-8')
    for group, strings in build.strings().items():
        names = list(strings) if isinstance(strings, dict) else []
        for name in names:
            used = rf"['\"\s.]{name}['\"]|'{group}\.'|\b{name}\b"
            assert re.search(used, script) or name in json.dumps(facts.facts()), f'{group}.{name}'
    said = r"""(?:say\(|data-say=|data-label=)['"](\w+)\.(\w+)['"]"""
    for group, name in re.findall(said, script):
        strings = build.strings()[group]
        assert name in strings or isinstance(strings, list) and int(name) < len(strings)


def test_the_numbers_in_the_strings_are_those_of_the_protocol(tables):
    said, numbers = json.dumps(build.strings()), tables[0]
    lines = {
        f'{len(facts.weights())} weights', f'{numbers["points"].shape[1]} points',
        f'in {runs.STEPS} steps', f'all {numbers["points"].shape[1]} shares',
        f'all {len(games.OPTIMIZERS) * len(games.RATES) * games.SEEDS} trainings',
        f'{len(games.RATES)} learning rates, {games.SEEDS} seeds',
        'is {:g} (solid) or {:g} (dashed)'.format(*games.SIZES),
        f'for {games.STOP} steps, and then 0', f'for {games.STEPS} steps',
        f'lr = {games.LR}, beta1 = 0.9, beta2 = 0.999, eps = 1e-8'}
    assert [line for line in lines if line not in said] == []


def test_no_word_of_the_page_names_a_winner():
    assert not re.search(r'\b(best|winner|wins|better|beats)\b', json.dumps(build.strings()))


def test_the_shares_of_the_points_sum_to_the_gradient(tables):
    for name, run in runs.RUNS.items():
        shares, g = tables[0][f'{name}/shares'], tables[0][f'{name}/g']
        at = [step - 1 for step in run.steps]
        np.testing.assert_allclose(shares.sum(-1), g[:, at].T, rtol=1e-9, atol=1e-12)


def test_each_gradient_is_the_sum_over_edges_of_gradient_times_factor(tables):
    for name, run in runs.RUNS.items():
        grads, factors, w = (tables[0][f'{name}/{part}'] for part in ('grads', 'factors', 'w'))
        z, h, scores, logs = np.split(grads, [8, 16, 19], axis=1)
        np.testing.assert_allclose(logs, factors[:, 17:])
        back = factors[:, 8:17].reshape(len(run.steps), 3, 3, 90)    # (.., log, score, point)
        np.testing.assert_allclose(scores, np.einsum('skp,skjp->sjp', logs, back), atol=1e-12)
        second = w[24:48, [step - 1 for step in run.steps]].reshape(3, 8, -1)
        np.testing.assert_allclose(h, np.einsum('sjp,jis->sip', scores, second), atol=1e-12)
        np.testing.assert_allclose(z, h * factors[:, :8], atol=1e-12)


def test_the_uncorrected_adam_moves_by_the_numbers_it_shows(tables):
    m, divisor, move = (tables[0][f'uncorrected/{part}'] for part in ('m', 'divisor', 'move'))
    np.testing.assert_allclose(move, -0.05 * m / divisor, rtol=1e-9, atol=1e-12)


def test_free_play_is_adam(tables):
    f, b1, b2, eps = 5, 1, 0, 1
    w = runs.net(0)[0].weight
    optimizer = optim.Adam([w], play.LR, (play.BETA1[b1], play.BETA2[b2]), play.EPS[eps])
    scope = lab.microscope(optimizer, {'w': (w, (0, 0))})
    for g in play.SERIES['noisy'].tolist():
        w.grad = w.detach() * 0 + g
        scope.step()
    rows = dict(zip(scope.columns, np.array(scope.rows['w']).T))
    played = {'m': (f, b1), 'v_hat': (f, b2), 'divisor': (f, 0, b2, eps),
              'move/lr': (f, 0, b1, b2, eps)}
    for name, at in played.items():
        np.testing.assert_allclose(tables[0][f'play/{name}'][at], rows[name], rtol=1e-9)


def test_the_right_one_of_the_six_is_adam(tables):
    said = games.chapter()
    (right,) = [i for i, letter in enumerate(said['answer']) if said['causes'][letter] == 'right']
    assert len(said['lines']) == 6 and sorted(said['answer']) == sorted(said['causes'])
    np.testing.assert_allclose(tables[0]['suspects'][right, :, :games.STOP], 1, rtol=1e-5)


def test_every_quantity_of_a_rule_has_lines_of_its_source_and_the_page_knows_its_columns():
    for run in runs.RUNS.values():
        rule = facts.rules()[facts.rule_of(run)]
        assert all(rule['lit'].values()), rule
        assert [name for name, _ in rule['rows']] == [
            c for c in run.columns if c not in ('g', 'move/lr')]


def test_the_engine_walks_from_the_loss_to_the_first_layer():
    assert facts.order() == ['nll', 'log_softmax', 'linear', 'tanh', 'linear']
    assert set(facts.operations()) == set(facts.order())


@pytest.mark.parametrize('cursor', ['', 'z=plane&t=3', 'z=graph&t=10&p=3', 'z=wishes&w=5&t=10',
                                    'z=desk&t=12&w=17', 'z=desk&f=5&t=2', 'z=E&o=4', 'z=F'])
def test_the_command_of_each_screen_prints(cursor, capsys):
    main(['--print', cursor])
    assert len(capsys.readouterr().out.splitlines()) > 2


def test_a_cursor_that_is_none_is_refused(capsys):
    for cursor in 'z=G', 't=half', 'r=lion', 'z=desk&w=51':
        with pytest.raises(SystemExit):
            main(['--print', cursor])
        assert 'is no cursor of the page' in capsys.readouterr().err


def test_the_command_writes_the_file(tmp_path, html, monkeypatch, capsys):
    monkeypatch.setattr('tinygrad_adam.teach.page.__main__.page', lambda: html)
    main(['--out', str(tmp_path / 'new' / 'adam.html')])
    assert (tmp_path / 'new' / 'adam.html').read_text(encoding='utf-8') == html
    assert 'adam.html' in capsys.readouterr().out


# In a browser.

def chromium(playwright):
    """The browser, without the rights to read the network; None where none is installed."""
    own = Path(playwright.chromium.executable_path)
    names = 'chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome'
    found = next(filter(None, map(shutil.which, names)), None)
    path = str(own) if own.is_file() else found
    return path and playwright.chromium.launch(executable_path=path, args=['--no-sandbox'])


@pytest.fixture(scope='module')
def browser():
    api = pytest.importorskip('playwright.sync_api', reason='Playwright is not installed: the page '
                              'is not tried in a browser (pip install playwright)')
    with api.sync_playwright() as playwright:
        found = chromium(playwright)
        if not found:
            pytest.skip('there is no Chromium: the page is not tried in a browser (playwright '
                        'install chromium, or apt-get install chromium)')
        yield found
        found.close()


@pytest.fixture(scope='module')
def file(html, tmp_path_factory):
    path = tmp_path_factory.mktemp('page') / 'adam.html'
    path.write_bytes(html.encode('utf-8'))
    return path.as_uri()


@pytest.fixture
def visit(browser, file):
    """A function that opens the page at an address; any error or request of the page fails."""
    faults, contexts = [], []

    def visit(cursor='', width=1280, **options):
        context = browser.new_context(viewport={'width': width, 'height': 800}, offline=True,
                                      permissions=['clipboard-read', 'clipboard-write'], **options)
        contexts.append(context)
        page = context.new_page()
        page.on('console', lambda message: faults.append(message.text))
        page.on('pageerror', lambda error: faults.append(str(error)))
        page.on('request', lambda request: request.url.startswith(('file:', 'data:', 'blob:'))
                or faults.append(request.url))
        page.goto(f'{file}#{cursor}')
        page.wait_for_selector('body[data-ready]')
        return page

    yield visit
    for context in contexts:
        context.close()
    assert faults == []


def address(page):
    return dict(part.split('=') for part in page.url.partition('#')[2].split('&') if part)


def output(page, name):
    return page.text_content(f'#desk-one [data-number="{name}"]')


@pytest.mark.parametrize('screen', SCREENS)
def test_every_screen_opens_on_desktops_and_phones_and_says_what_reproduces_it(visit, screen):
    for width in 1280, 390, 360:
        page = visit(f'z={screen}&t=12&all=1&ask={int(width == 360)}', width)
        assert page.locator('#shown svg').count() > 0
        assert page.evaluate('document.documentElement.scrollWidth') <= width
        said = page.text_content('#reproduce')
        assert 'tinygrad_adam.teach.page --print' in said
        assert f'python -m tinygrad_adam {facts.chapters()[screen]}' in said


def test_the_numbers_are_unpacked_in_a_moment(visit):
    page = visit()
    took = '(async () => { const start = performance.now(); await unpack(); ' \
           'return performance.now() - start; })()'
    assert min(page.evaluate(took) for _ in range(5)) < 300


@pytest.mark.parametrize('run', list(runs.RUNS))
def test_the_desk_shows_the_numbers_of_the_package(visit, tables, run):
    name, _, seed = run.partition('-')
    page = visit(f'z=desk&r={name}&s={seed or 0}&t=12&w=17')
    columns = [name for name, *_ in facts.RULES[facts.rule_of(runs.RUNS[run])]]
    for column in ['g', *columns]:
        assert output(page, column) == f'{tables[0][f"{run}/{column}"][17, 11]:.4g}'
    assert output(page, 'w') == f'{tables[0][f"{run}/w"][17, 12]:.4g}'


def test_the_tables_of_the_screens_hold_the_numbers_of_the_package(visit, tables):
    def cells(page, column):
        page.click('#figures summary')
        page.wait_for_selector('#table tbody')
        return page.locator(f'#table tr > :nth-child({column})').all_text_contents()[1:]

    def digits(numbers):
        return [f'{x + 0.0:.4g}' for x in numbers]

    numbers, at = tables[0], runs.RUNS['adam'].steps.index(10)
    assert cells(visit('t=12'), 4) == digits(numbers['adam/move'][:, 11])
    assert cells(visit('z=wishes&t=10&w=5'), 3) == digits(numbers['adam/shares'][at, 5])
    page = visit('z=graph&t=12&p=3&b=4')
    assert cells(page, 2)[2:24] == digits(numbers['adam/values'][at, :, 3])
    gradients = page.locator('#table tr > :nth-child(3)').all_text_contents()
    assert gradients[3:25] == digits(numbers['adam/grads'][at, :, 3])
    assert cells(visit('z=desk&f=5&b1=1&t=9'), 3) == digits(numbers['play/m'][5, 1])
    losses = cells(visit('z=E&all=1'), 3)[5].split('  ')
    assert losses == digits(numbers['tries/sgd'][1, 5])
    line = facts.facts()['suspects']['curves'][0][0]
    assert cells(visit('z=F'), 2) == digits(numbers['suspects'][line, 0])


def test_the_graph_is_walked_a_node_a_key(visit, tables):
    page = visit('z=graph&t=10&p=3&w=5')
    shown = []
    for operation in facts.order():
        page.keyboard.press('n')
        assert f'The node {operation} (' in page.text_content('#graph-now')
        assert f'{operation}: Row' in page.text_content('#graph-source')
        shown.append(page.locator('#graph-picture .gradient').count())
    assert shown == [1 + 3, 4 + 3, 7 + 8, 15 + 8, 23]
    share = tables[0]['adam/shares'][runs.RUNS['adam'].steps.index(10), 5, 3]
    assert f'{share:.4g}' in page.text_content('#graph-now')
    assert 'The node linear (x → hidden) ' in page.text_content('#graph-now')
    assert page.is_disabled('#next')
    page.keyboard.press('n')
    page.keyboard.press('b')
    assert address(page)['b'] == '4'


def test_keys_move_the_cursor(visit):
    page = visit('t=12')
    for key, expected in [
            ('ArrowRight', {'t': '13'}), ('ArrowLeft', {'t': '12'}),
            ('ArrowDown', {'t': '10', 'z': 'graph'}), ('ArrowRight', {'t': '20', 'z': 'graph'}),
            ('ArrowDown', {'t': '20', 'z': 'wishes'}), ('ArrowDown', {'t': '20', 'z': 'desk'}),
            ('ArrowDown', {'t': '20', 'z': 'desk'}), ('ArrowUp', {'t': '20', 'z': 'wishes'}),
            ('5', {'t': '10', 'z': 'wishes', 'r': 'sgd'})]:
        page.keyboard.press(key)
        assert address(page) == expected, key
    page = visit()
    page.keyboard.press(' ')
    page.wait_for_timeout(1000)
    assert int(page.text_content('#step-number')) > 3
    page.keyboard.press(' ')
    stopped = page.text_content('#step-number')
    page.wait_for_timeout(400)
    assert page.text_content('#step-number') == stopped


def test_keys_that_are_typed_into_a_field_stay_there(visit):
    page = visit('z=desk&t=12&ask=1')
    page.click('#guess')
    page.keyboard.type('5')
    page.keyboard.press('ArrowLeft')
    assert address(page) == {'z': 'desk', 't': '12', 'ask': '1'}


def test_cells_points_and_the_loss_are_chosen_by_a_click(visit):
    page = visit('t=12')
    page.click('[data-set="w=30"]')
    page.click('[data-set="p=89"]')
    page.click('.scrubber', position={'x': 600, 'y': 80})
    said = address(page)
    assert (said['w'], said['p']) == ('30', '89') and 55 < int(said['t']) < 75


@pytest.mark.parametrize('cursor', [
    'r=adam&t=12&w=17&p=3&z=desk&only=desk,F&lock=lr&ask=1&s=2', 'z=F&q=012345&mark=1&s=1',
    'z=E&o=4&lr=5&n=2&k=3&all=1', 'z=desk&f=3&b1=0&b2=3&eps=2&c=1&t=60', 'z=desk&x=rmsprop&b=3',
    'z=wishes&sort=class&t=120'])
def test_the_address_holds_the_whole_state(visit, cursor):
    page = visit(cursor)
    expected = dict(part.split('=') for part in cursor.split('&'))
    expected = {key: value for key, value in expected.items() if (key, value) != ('r', 'adam')}
    assert address(page) == expected
    before = page.inner_html('main')
    page.goto('about:blank')
    again = visit(page.evaluate('""') + '&'.join(f'{k}={v}' for k, v in expected.items()))
    assert again.inner_html('main') == before


def test_an_address_that_makes_no_sense_is_the_start(visit):
    page = visit('z=nowhere&t=999&w=-1&p=x&r=lion&b1=9&only=x&lock=y&q=9')
    assert address(page) == {}
    assert page.text_content('#step-number') == '1'


def test_what_is_hidden_or_locked_stays_so(visit):
    page = visit('z=desk&only=desk,F&lock=t,r,ask&ask=1&t=12')
    assert page.locator('#tabs button').all_text_contents() == ['D Desk', 'F Wrong Adams']
    for id in 'set-t', 'set-r', 'set-ask', 'step-on', 'play':
        assert page.is_disabled(f'#{id}')
    assert page.is_hidden('#teacher')
    for key in 'ArrowRight', 'ArrowUp', '3', ' ':
        page.keyboard.press(key)
    assert (address(page)['t'], address(page)['z']) == ('12', 'desk')
    assert 'r' not in address(page) and page.is_enabled('#set-w')


def test_the_lock_of_the_seed_is_one_of_the_run(visit):
    page = visit('z=desk&s=2&lock=s,t&t=12')
    assert page.is_disabled('#set-r') and page.is_disabled('#set-s')
    page.keyboard.press('5')
    assert address(page) == {'z': 'desk', 's': '2', 'lock': 's,t', 't': '12'}


def test_the_lock_of_the_step_outlasts_series_that_are_shorter(visit):
    assert visit('z=desk&t=100&lock=t').is_disabled('#set-f')
    assert visit('z=desk&t=60&lock=t').is_enabled('#set-f')


def test_what_is_not_locked_is_free(visit):
    page = visit('z=E&o=4&lr=6&k=1&lock=lr')
    page.click('#try-again')
    assert address(page) == {'z': 'E', 'lr': '6', 'lock': 'lr'} and page.is_enabled('#set-o')
    page = visit('z=desk&t=20&lock=t')
    page.click('#see-20')
    assert address(page)['z'] == 'wishes'


def test_the_link_to_the_picture_keeps_the_state(visit):
    page = visit('z=desk&t=12&only=desk&lock=t')
    page.keyboard.press('Tab')
    page.keyboard.press('Enter')
    assert page.evaluate('document.activeElement.id') == 'screen'
    assert address(page) == {'z': 'desk', 't': '12', 'only': 'desk', 'lock': 't'}


@pytest.mark.parametrize('width', [1280, 830, 390, 360])
@pytest.mark.parametrize('cursor', ['z=desk&t=12', 'z=graph&t=10&b=3'])
def test_no_line_of_source_is_cut(visit, width, cursor):
    page = visit(cursor, width)
    assert page.evaluate('''[...document.querySelectorAll('.source, .source *')].every(
        node => node.scrollWidth <= node.clientWidth || !node.clientWidth)''')


def test_the_teacher_makes_a_link(visit):
    page = visit('z=desk&t=12')
    page.click('#teaching summary')
    for screen in SCREENS[:3]:
        page.uncheck(f'#only-{screen}')
    page.check('#lock-t')
    page.click('#copy')
    page.wait_for_timeout(200)
    assert page.text_content('#copy + input + span') == 'Copied'
    link = page.evaluate('navigator.clipboard.readText()')
    assert link == '#z=desk&t=12&only=desk,E,F&lock=t'
    assert 'Send the file' in page.text_content('#teaching .file')


def test_a_page_from_a_server_gives_its_address_and_a_refused_copy_is_selected(browser, html):
    page = browser.new_page()
    page.route('http://class.test/*', lambda route: route.fulfill(
        body=html, content_type='text/html; charset=utf-8'))
    page.goto('http://class.test/adam.html#z=F&q=012345&mark=1')
    page.wait_for_selector('body[data-ready]')
    assert page.is_hidden('#wrong-link .file')
    page.click('#wrong-share')
    page.wait_for_function("document.querySelector('#wrong-link span').textContent")
    assert 'copy it yourself' in page.text_content('#wrong-link span')
    assert page.evaluate('getSelection().toString()') == page.url
    page.close()


def test_numbers_are_covered_until_they_are_guessed(visit, tables):
    numbers = {name: f'{tables[0][f"adam/{name}"][17, 11]:.4g}' for name in ('m', 'v', 'move')}
    page = visit('z=desk&t=12&w=17&ask=1')
    assert all(number not in page.text_content('main') for number in numbers.values())
    page.fill('#guess', numbers['m'])
    page.keyboard.press('Enter')
    assert output(page, 'm') == numbers['m'] and '✓' in page.text_content('#desk-one')
    page.keyboard.type('7')
    page.click('#check')
    assert numbers['v'] not in page.text_content('main')
    page.click('#uncover')
    assert output(page, 'v') == numbers['v'] and '✗' in page.text_content('#desk-one')
    assert numbers['move'] not in page.text_content('main')
    page.keyboard.press('Tab')
    page.uncheck('#set-ask')
    assert output(page, 'move') == numbers['move']


def hint(page, typed):
    page.fill('#guess', typed)
    page.keyboard.press('Enter')
    return page.text_content('#guess-note')


def test_a_wrong_guess_is_answered_with_what_is_wrong_and_may_be_tried_again(visit, tables):
    g, m, v, m_hat, v_hat, divisor, move = (
        tables[0][f'adam/{name}'][17, 11] for name in runs.RUNS['adam'].columns[:-1])
    old_m, old_v = (tables[0][f'adam/{name}'][17, 10] for name in ('m', 'v'))
    page = visit('z=desk&t=12&w=17&ask=1')
    for name, right, wrong in [
            ('m', m, {
                'the wrong sign': -m, 'decimal point is in the wrong place': 10 * m,
                'is 0.1*0.002139 + 0.9*0.009413,': 0.1 * old_m + 0.9 * g,
                'is 0.9*0.002139 + 1*0.009413,': 0.9 * old_m + g,
                'is 0.1*0.009413,': 0.1 * g, 'is g,': g, 'is old m,': old_m}),
            ('v', v, {
                'is 0.999*1.474e-06 + 0.001*0.009413,': 0.999 * old_v + 0.001 * g, 'is m,': m}),
            ('m_hat', m_hat, {'is m,': m}), ('v_hat', v_hat, {'is v,': v}),
            ('divisor', divisor, {'is v_hat,': v_hat}),
            ('move', move, {
                'is -0.05*0.002866 / 0.01144,': -0.05 * m / divisor,
                'is -1*0.003994 / 0.01144,': -m_hat / divisor,
                'on the wrong side of 0': 3, 'too far from 0': -3, 'too near to 0': 0})]:
        assert page.is_hidden('#uncover')
        for said, typed in wrong.items():
            assert said in hint(page, f'{typed:.5g}'), name
        assert page.locator(f'#desk-one [data-number="{name}"]').count() == 0
        assert page.is_visible('#uncover')
        page.evaluate('show()')
        assert said in page.text_content('#guess-note')
        page.fill('#guess', f'{right:.4g}')
        page.click('#check')
        assert output(page, name) == f'{right:.4g}'
    assert page.text_content('#desk-one').count('✓') == 6


def test_a_wrong_guess_on_the_graph_is_answered_too(visit):
    page = visit('z=graph&t=10&p=3&w=5&b=3&ask=1')
    asked = page.text_content('#graph-now code')
    first, second, third = asked.partition(' = ')[2].removesuffix(' =').split(' + ')
    typed = sum(np.prod([float(x.strip('()')) for x in term.split('*')])
                for term in (first, third))
    assert f'is {first} + {third}, which is not' in hint(page, f'{typed:.5g}')
    page.click('#uncover')
    assert '✗ you said' in page.text_content('#graph-now')


def test_gradients_of_the_graph_are_covered_until_they_are_guessed(visit, tables):
    page = visit('z=graph&t=10&p=3&w=5&b=3&ask=1')
    at = runs.RUNS['adam'].steps.index(10)
    asked = f'{tables[0]["adam/grads"][at, 8 + 2, 3]:.4g}'
    assert asked not in page.text_content('main')
    page.fill('#guess', asked)
    page.keyboard.press('Enter')
    assert asked in page.text_content('main') and '✓' in page.text_content('#graph-now')


@pytest.mark.parametrize('weight, stage, value', [
    (5, 5, ('points', 1)), (17, 5, None), (30, 3, ('values', 8 + 6)), (49, 3, None)])
def test_the_share_of_the_weight_is_asked_where_it_is_computed(visit, tables, weight, stage, value):
    page = visit(f'z=graph&t=10&p=3&w={weight}&b={stage}&ask=1')
    at = runs.RUNS['adam'].steps.index(10)
    share = f'{tables[0]["adam/shares"][at, weight, 3]:.4g}'
    if stage == 3:
        page.fill('#guess', '0')
        page.keyboard.press('Enter')
        page.click('#uncover')
    assert value is None or share not in page.text_content('main')    # that of a bias is no secret
    factor = 1 if value is None else tables[0]['points'][value[1], 3] if value[0] == 'points' else (
        tables[0]['adam/values'][at, value[1], 3])
    assert re.search(rf'\*\(?{re.escape(f"{factor:.4g}")}\)? =', page.text_content('#graph-now'))
    page.fill('#guess', share.replace('.', ','))
    page.keyboard.press('Enter')
    said = page.text_content('#graph-now')
    assert said.count(share) >= 3 and '✓' in said and 'So this point adds' in said
    assert page.locator('#graph-picture line.mine, #graph-picture circle.mine').count() == 1


def test_a_guess_that_is_no_number_is_answered(visit):
    page = visit('z=desk&t=12&w=17&ask=1')
    assert 'within 1 %' in page.text_content('#guess-note')
    for typed in 'about 1', '':
        page.fill('#guess', typed)
        page.keyboard.press('Enter')
        assert 'Write a number' in page.text_content('#guess-note')


def test_single_points_have_steps_of_their_own_and_the_desk_leads_to_them(visit, tables):
    page = visit('z=graph&t=12')
    assert address(page)['t'] == '10'
    page.focus('#set-t')
    page.keyboard.press('ArrowRight')
    assert address(page)['t'] == '20'
    page = visit('z=desk&t=12&w=5')
    page.click('#see-20')
    assert (address(page)['z'], address(page)['t']) == ('wishes', '20')
    g = f'{tables[0]["adam/g"][5, 19]:.4g}'
    assert f'g = {g} ' in page.text_content('#wishes-sum')
    page.keyboard.press('ArrowDown')
    assert output(page, 'g') == g and page.locator('#see-20, #see-10').count() == 1
    locked = visit('z=graph&t=12&lock=t')
    assert address(locked)['t'] == '12' and 'you see step 10' in locked.text_content('#told')


def test_on_phones_the_graph_scrolls_to_the_node(visit):
    page = visit('z=graph&t=10&w=5&b=1', 390)
    for _ in range(3):
        box = page.locator('#graph-picture .unit.chosen').bounding_box()
        assert 0 < box['x'] < 390
        page.click('#next')


def test_pictures_are_reached_by_tab_and_chosen_in_by_arrows(visit):
    page = visit('t=12&w=5&p=3')
    for id, key, before, label in ('p-3', 'p', 2, 'Point 3 (class'), ('w-5', 'w', 4, 'Weight 0.w'):
        chosen = page.locator(f'g[id|={key}][tabindex="0"]')
        assert chosen.get_attribute('id') == id
        assert chosen.get_attribute('aria-label').startswith(label)
        page.focus(f'#{id}')
        page.keyboard.press('ArrowLeft')
        assert address(page)[key] == str(before)
        assert page.evaluate('document.activeElement.id') == f'{key}-{before}'
    page.click('#w-9')
    page.keyboard.press('ArrowRight')
    assert address(page) == {'t': '13', 'w': '9', 'p': '2'}
    page.focus('.scrubber')
    page.keyboard.press('ArrowRight')
    assert address(page)['t'] == '14'


@pytest.mark.parametrize('weight', [0, 1, 17])
def test_no_label_of_the_desk_is_cut(visit, weight):
    page = visit(f'z=desk&t=1&w={weight}')
    picture = page.locator('.desk-picture svg').bounding_box()
    for label in page.locator('.desk-picture text').all():
        box = label.bounding_box()
        assert picture['x'] <= box['x']
        assert box['x'] + box['width'] <= picture['x'] + picture['width']


def test_runs_say_their_learning_rate_and_what_their_loss_is(visit):
    page = visit('r=loss1000')
    assert 'the learning rate, 0.05.' in page.text_content('#told')
    assert 'loss is 1000*' in page.text_content('#told')
    assert 'before it is multiplied by 1000' in page.text_content('#plane-loss')
    assert 'Adam with correction' in visit('z=desk&f=3&t=30').text_content('#desk-one h3')


def test_curves_and_classes_have_legends(visit):
    assert visit('z=desk').locator('#desk-means text.small').all_text_contents() == [
        'g', 'm', 'm_hat']
    beside = visit('z=desk&r=momentum&x=adagrad', 360)
    assert beside.text_content('#desk-pair') == 'Solid: SGD with momentum. Dashed: Adagrad.'
    for screen in 'plane', 'wishes':
        assert 'class 0' in visit(f'z={screen}').text_content('#shown .legend')


def test_who_gets_a_link_from_a_teacher_sees_no_lesson(visit):
    assert visit('').is_visible('#teacher')
    for said in 'ask=1', 'only=desk', 'lock=t':
        assert visit(f'z=desk&{said}').is_hidden('#teacher')


def test_one_try_is_revealed_step_by_step(visit, tables):
    page = visit('z=E')
    page.select_option('#set-o', label='Adam')
    assert page.locator('#guess').count() == 0
    page.select_option('#set-lr', label='0.1')
    page.click('#check')
    assert 'number' in page.text_content('#guess-note')
    page.fill('#guess', '0,3')
    page.click('#check')
    assert 'Your guess was 0.3.' in page.text_content('#try-result')
    assert all(page.is_disabled(f'#set-{key}') for key in ('o', 'lr', 'n'))
    page.click('#try-more')
    seeds = facts.facts()['tries']['seeds'][0][:2]
    for seed in seeds:
        assert f'{tables[0]["tries/adam"][1, 6, seed]:.4g}' in page.text_content('#try-result')
    page.click('#try-all')
    assert page.locator('.trial').count() == 5 * 11 * 20
    assert page.locator('.clouds .ring').count() == 2
    page.click('#try-again')
    assert address(page) == {'z': 'E'} and page.is_enabled('#set-o')


def test_the_wrong_adams_are_marked(visit):
    said = facts.facts()['suspects']
    page = visit('z=F&s=1')
    first, second, *others = said['curves'][1]
    for i, line in enumerate([second, first, *others]):
        assert page.is_disabled('#wrong-mark')
        page.select_option(f'#answer-{i}', str(line))
    page.click('#wrong-mark')
    assert page.text_content('#wrong-score').startswith('4 of 6')
    assert page.locator('#wrong-cards br').count() == 4
    page.click('#wrong-retry')
    assert address(page)['q'] == '--' + ''.join(map(str, others))
    page.select_option('#answer-1', str(first))
    page.select_option('#answer-0', str(first))
    for id in 'wrong-score', 'curve-1':
        assert re.search('Line . moved from curve 2 to curve 1', page.text_content(f'#{id}'))
    page.select_option('#answer-1', str(second))
    page.click('#wrong-mark')
    assert page.text_content('#wrong-score').startswith('6 of 6')
    assert re.search(r'Diagnosis: right\. For g = 1', page.text_content('#wrong-cards'))
    assert page.is_hidden('#wrong-retry') and page.is_hidden('#wrong-tell')
    page.click('#wrong-share')
    assert 'mark=1' in page.evaluate('navigator.clipboard.readText()')
    page.click('#wrong-again')
    assert address(page) == {'z': 'F', 's': '2'}


@pytest.mark.parametrize('touch', [False, True])
def test_a_line_is_dragged_to_a_curve(visit, touch):
    page = visit('z=F', has_touch=touch)
    card, curve = page.locator('.card').nth(0), page.locator('#curve-1')
    start, end = card.bounding_box(), curve.bounding_box()
    if touch:
        for kind, box in ('pointerdown', start), ('pointermove', end), ('pointerup', end):
            page.evaluate('''([kind, x, y]) => document.elementFromPoint(x, y).dispatchEvent(
                new PointerEvent(kind, {bubbles: true, cancelable: true, pointerType: 'touch',
                                        clientX: x, clientY: y}))''',
                          [kind, box['x'] + 20, box['y'] + 20])
    else:
        page.mouse.move(start['x'] + 20, start['y'] + 20)
        page.mouse.down()
        page.mouse.move(end['x'] + 40, end['y'] + 40, steps=4)
        page.mouse.up()
    assert address(page)['q'][1] == card.get_attribute('data-card')


def test_the_answers_to_the_wrong_adams_are_told_on_demand(visit):
    page = visit('z=F&q=012345&mark=1')
    assert page.locator('#wrong-cards br').count() == 0
    page.click('#wrong-tell')
    assert page.locator('#wrong-cards br').count() == 6
    assert page.locator('text=no, it is').count() == 6


def test_printing_gives_a_worksheet_and_its_key(visit, tables):
    page = visit('z=desk&t=12&w=17')
    page.emulate_media(media='print')
    assert page.is_hidden('main') and page.is_visible('#sheet')
    task, key = page.locator('.paper').all_inner_texts()
    assert 'Name' in task and 'Name' not in key
    for name in 'm', 'v', 'm_hat', 'v_hat', 'move':
        number = f'{tables[0][f"adam/{name}"][17, 11]:.4g}'
        assert number not in task and number in key
    pages = page.pdf(format='A4')
    assert len(re.findall(rb'/Type\s*/Page\b', pages)) == 2


def test_a_browser_that_cannot_unpack_is_told_so(browser, file):
    context = browser.new_context(offline=True)
    context.add_init_script('delete globalThis.DecompressionStream')
    page = context.new_page()
    page.goto(file)
    assert 'cannot unpack' in page.text_content('#told')
    context.close()


@pytest.mark.parametrize('scheme', ['light', 'dark'])
@pytest.mark.parametrize('screen', SCREENS)
def test_axe_finds_no_serious_fault(visit, screen, scheme):
    axe = pytest.importorskip('axe_playwright_python.sync_playwright',
                              reason='axe is not installed (pip install axe-playwright-python)')
    page = visit(f'z={screen}&t=12&all=1&b=1', color_scheme=scheme)
    page.click('#teaching summary')
    page.click('#figures summary')
    page.evaluate('''document.querySelectorAll('meta[http-equiv]').forEach(m => m.remove())''')
    found = axe.Axe().run(page).response['violations']
    serious = [(fault['id'], [node['html'][:90] for node in fault['nodes']][:3])
               for fault in found if fault['impact'] in ('serious', 'critical')]
    assert serious == []


def test_motion_is_reduced_where_it_is_asked_for(visit):
    page = visit(reduced_motion='reduce')
    page.keyboard.press(' ')
    page.wait_for_timeout(700)
    assert page.text_content('#step-number') == '1'
