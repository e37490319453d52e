/** The set-up wizard, page by page: choosing, reviewing, answering, following a run, looking back. */
import { userEvent } from 'vitest/browser';
import type { Component } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { language } from '../../i18n/speech.svelte';
import LanguageChoice from '../../shell/LanguageChoice.svelte';
import { App } from '../../state/app.svelte';
import { decodeLogPart, decodeTransaction } from '../../transport/setup-decode';
import { silentTransport } from '../../transport/silent';
import AppHarness from '../AppHarness.svelte';
import PlanPage from './PlanPage.svelte';
import RunPage from './RunPage.svelte';
import * as samples from './samples';
import SetupModulePage from './SetupModulePage.svelte';
import SetupPage from './SetupPage.svelte';

/** `METHOD path` → its answers, in order; the last one again and again. */
let answers: Record<string, (object | Response)[]>;
const asked = vi.fn<(what: string, body: unknown) => void>();
const RUN = '/api/setup/transactions/7';

beforeEach(() => {
  asked.mockReset();
  answers = {
    'GET /api/setup': [samples.OVERVIEW],
    'POST /api/setup/plans': [samples.PLAN],
    [`GET ${RUN}/form`]: [{ forms: [samples.FORM] }],
    [`GET ${RUN}/summary`]: [{ modules: [] }],
    [`GET ${RUN}/changes`]: [{ files: [] }],
    'GET /api/setup/modules/mail': [samples.DETAILS],
  };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const what = `${init.method ?? 'GET'} ${path}`;
    asked(what, typeof init.body === 'string' ? JSON.parse(init.body) : undefined);
    const left = answers[what] ?? [];
    const body = left.length > 1 ? left.shift() : left[0];
    if (body instanceof Response) return body.clone();
    return body ? Response.json(body) : Response.json({ detail: 'not stubbed' }, { status: 500 });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  history.replaceState(null, '', '/');
});

function setUp() {
  const transport = silentTransport();
  const app = new App(() => transport);
  app.session.status = 'signed-in';
  app.dashboard.connection = { phase: 'connected' };
  const show = (part: unknown, props: object = {}) =>
    render(AppHarness, { app, part: part as Component<never>, given: { ...props } });
  const hear = (wire: object) => {
    const run = decodeTransaction(wire);
    if (run) app.setup.heard(run);
  };
  const print = (...wire: object[]) => {
    app.setup.linesCame(decodeLogPart({ transaction: 7, lines: wire, more: false }));
  };
  return { app, transport, show, hear, print };
}

function showRun(state: string, more: object = {}) {
  answers[`GET ${RUN}`] = [samples.wireRun(state, more)];
  const all = setUp();
  return { ...all, screen: all.show(RunPage, { id: 7 }) };
}

test('the language of the modules is chosen, kept in the browser, and asked for', async () => {
  const said: (string | null)[] = [];
  const answer = globalThis.fetch;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    said.push(new Headers(init.headers).get('accept-language'));
    return answer(path, init);
  });
  const { show } = setUp();
  const screen = await show(SetupPage);
  const header = await show(LanguageChoice);
  const choice = header.getByLabelText('Language', { exact: true });
  await expect.element(choice).toHaveValue('');
  expect(said).toEqual([null]);
  await choice.selectOptions('français');
  await vi.waitFor(() => expect(said).toHaveLength(2));
  expect(said[1]).toMatch(/^fr\b/);
  expect(localStorage.getItem('contara.language')).toBe('fr');
  await expect.element(screen.getByRole('heading', { name: 'Installer' })).toBeVisible();
  await header.getByLabelText('Langue').selectOptions('Deutsch');
  await expect.element(screen.getByText('1 von 7 eingerichtet')).toBeVisible();
  await header.getByLabelText('Sprache').selectOptions('Sprache des Browsers');
  await vi.waitFor(() => expect(said[3]).toBeNull());
  expect([language.chosen, localStorage.getItem('contara.language')]).toEqual([null, null]);
});

test('modules are chosen by boxes; what conflicts can’t be, and says why', async () => {
  const { app, show } = setUp();
  const screen = await show(SetupPage);
  await screen.getByRole('checkbox', { name: 'Name server' }).click();
  const other = screen.getByRole('checkbox', { name: 'Dnsmasq' });
  await expect.element(other).toHaveAccessibleDescription('Conflicts with Name server, which is chosen.');
  await expect.element(other).toHaveAttribute('aria-disabled', 'true');
  (other.element() as HTMLElement).click();
  await expect.element(other).not.toBeChecked();
  await screen.getByRole('checkbox', { name: 'Mail server' }).click();
  expect(screen.getByRole('checkbox', { name: 'Directory' }).elements()).toHaveLength(0);
  await screen.getByRole('button', { name: 'Review 2 modules' }).click();
  expect(app.router.route).toEqual({
    page: 'setup-plan',
    choice: { modules: ['bind', 'mail'], reconfigure: false },
  });
});

test('what is configured has its links, what can’t be used says why', async () => {
  const { show } = setUp();
  const screen = await show(SetupPage);
  const link = screen.getByRole('link', { name: /Management interface/ });
  await expect.element(link).toHaveAttribute('href', 'https://nas.example/mmc/');
  await expect.element(link).toHaveAttribute('rel', 'noopener noreferrer');
  await expect
    .element(screen.getByRole('article', { name: 'Broken' }))
    .toHaveTextContent('desc.json, line 3, column 8: a comma is missing');
  await screen.getByLabelText('Search').fill('kernel');
  expect(screen.getByRole('article').elements()).toHaveLength(1);
  // What the list is narrowed to is in the address.
  expect(location.search).toBe('?q=kernel');
  await screen.getByLabelText('State').selectOptions('configured');
  expect(location.search).toBe('?q=kernel&state=configured');
  await screen.getByRole('button', { name: 'Show all' }).click();
  expect(location.search).toBe('');
  await expect.element(screen.getByLabelText('Search')).toHaveValue('');
});

test('a daemon that isn’t root says so, and all can still be looked at', async () => {
  answers['GET /api/setup'] = [{ ...samples.OVERVIEW, read_only: 'Contara doesn’t run as root.' }];
  const { show } = setUp();
  const screen = await show(SetupPage);
  await expect.element(screen.getByText('Contara doesn’t run as root.')).toBeVisible();
  await screen.getByRole('checkbox', { name: 'Mail server' }).click();
  await expect.element(screen.getByRole('button', { name: 'Look at 1 module' })).toBeVisible();
});

test('a list that can’t be loaded can be loaded again', async () => {
  answers['GET /api/setup'] = [Response.json({ detail: 'no journal' }, { status: 500 }), samples.OVERVIEW];
  const { show } = setUp();
  const screen = await show(SetupPage);
  await expect.element(screen.getByRole('alert')).toHaveTextContent('no journal');
  await screen.getByRole('button', { name: 'Load again' }).click();
  await expect.element(screen.getByRole('article', { name: 'Mail server' })).toBeVisible();
});

test('a plan says all that it does, and its start leads to the run', async () => {
  answers['POST /api/setup/transactions'] = [Response.json(samples.wireRun('queued'), { status: 201 })];
  const { app, show } = setUp();
  const screen = await show(PlanPage, { choice: { modules: ['mail'], reconfigure: false } });
  for (const text of [
    'Needed by Mail server',
    /Asks for Mail domain, Administrator password/,
    '7.3 MB to download, 21 MB of disk',
    '4 packages to install',
    '1 package to remove',
    /postfix\.service of Mail server/,
    'in use by exim4 (process 812)',
    'The machine has to be restarted at the end',
    'Port 25 of Mail server is in use by exim4 (process 812).',
    'No repository asks for a login.',
    'Directory',
  ]) {
    await expect.element(screen.getByText(text).first()).toBeInTheDocument();
  }
  await screen.getByRole('button', { name: 'Start' }).click();
  await vi.waitFor(() => expect(app.router.route).toEqual({ page: 'setup-run', run: 7 }));
  expect(asked).toHaveBeenCalledWith('POST /api/setup/transactions', {
    modules: ['mail'],
    reconfigure: false,
    digest: 'a1b2',
  });
});

test('a plan with problems can’t be started', async () => {
  const problem = { kind: 'disk_full', modules: ['mail'], message: 'The disk is too small.', help: null };
  answers['POST /api/setup/plans'] = [{ ...samples.PLAN, problems: [problem] }];
  const { show } = setUp();
  const screen = await show(PlanPage, { choice: { modules: ['mail'], reconfigure: false } });
  await expect.element(screen.getByRole('list', { name: 'Problems' })).toHaveTextContent('too small');
  const start = screen.getByRole('button', { name: 'Start' });
  await expect.element(start).toHaveAttribute('aria-disabled', 'true');
  await userEvent.click(start, { force: true });
  expect(asked).not.toHaveBeenCalledWith('POST /api/setup/transactions', expect.anything());
});

test('a plan that changed meanwhile is shown anew; another run is linked', async () => {
  const services = [{ module: 'mail', name: 'new.service' }];
  answers['POST /api/setup/transactions'] = [
    Response.json({ kind: 'plan_changed', plan: { ...samples.PLAN, services } }, { status: 409 }),
    Response.json({ detail: 'Ada has it.', kind: 'busy', transaction: 3 }, { status: 409 }),
  ];
  const { show } = setUp();
  const screen = await show(PlanPage, { choice: { modules: ['mail'], reconfigure: false } });
  await screen.getByRole('button', { name: 'Start' }).click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent('The plan has changed');
  await expect.element(screen.getByText('new.service')).toBeVisible();
  await screen.getByRole('button', { name: 'Start' }).click();
  await expect
    .element(screen.getByRole('link', { name: 'Go to run 3' }))
    .toHaveAttribute('href', '/setup/runs/3');
});

test('a choice for which there is no plan names its modules', async () => {
  answers['POST /api/setup/plans'] = [
    Response.json(
      { detail: 'They conflict.', kind: 'conflict', modules: ['bind', 'dnsmasq'] },
      { status: 422 },
    ),
  ];
  const { show } = setUp();
  const screen = await show(PlanPage, { choice: { modules: ['bind', 'dnsmasq'], reconfigure: false } });
  await expect.element(screen.getByText('Modules: Name server, Dnsmasq')).toBeVisible();
  // To ask for it again would change nothing.
  await expect.element(screen.getByRole('link', { name: 'Choose again' })).toHaveAttribute('href', '/setup');
  expect(screen.getByRole('button', { name: 'Try again' }).elements()).toHaveLength(0);
});

test('the form asks all that is asked: shown, hidden, and for the chosen option only', async () => {
  const screen = await showRun('waiting').screen;
  await expect.element(screen.getByLabelText('Mail domain')).toHaveAttribute('aria-required', 'true');
  await expect
    .element(screen.getByLabelText('Mail domain'))
    .toHaveAccessibleDescription('Such as example.org.');
  await expect.element(screen.getByText('nas.example', { exact: true })).toBeVisible();
  expect(screen.getByText('secret_of_module').elements()).toHaveLength(0);
  expect(screen.getByRole('textbox', { name: 'Relay' }).elements()).toHaveLength(0);
  await screen.getByLabelText('Through a relay').click();
  await expect.element(screen.getByRole('textbox', { name: 'Relay' })).toBeVisible();
  await expect.element(screen.getByRole('combobox', { name: 'Protocols' })).toHaveValue('imaps');
  await expect.element(screen.getByRole('heading', { name: 'Delivery' })).toBeVisible();
  await expect.element(screen.getByText(/get_current_config failed/)).toBeVisible();
});

test('passwords are typed twice, can be shown, and one that is set stays unless it is changed', async () => {
  const screen = await showRun('waiting').screen;
  const one = screen.getByLabelText(/^Administrator password\*?$/);
  await expect.element(one).toHaveAttribute('autocomplete', 'new-password');
  await expect.element(one).toHaveAttribute('type', 'password');
  await screen.getByRole('button', { name: 'Show Administrator password' }).click();
  await expect.element(one).toHaveAttribute('type', 'text');
  await expect
    .element(screen.getByLabelText(/^Administrator password, again/))
    .toHaveAttribute('type', 'text');

  await screen.getByRole('button', { name: 'Change Directory password' }).click();
  const other = screen.getByLabelText(/^Directory password\*?$/);
  await expect.element(other).toHaveFocus();
  await screen.getByRole('button', { name: 'Keep it as it is' }).click();
  await expect.element(screen.getByRole('button', { name: 'Change Directory password' })).toHaveFocus();
});

test('rows are added and removed, with the focus on what comes next', async () => {
  const screen = await showRun('waiting').screen;
  await screen.getByRole('button', { name: 'Add to Other domains' }).click();
  await expect.element(screen.getByRole('textbox', { name: 'Other domains 3' })).toHaveFocus();
  await userEvent.keyboard('three.example');
  await screen.getByRole('button', { name: 'Remove Other domains 1' }).click();
  await expect.element(screen.getByRole('textbox', { name: 'Other domains 1' })).toHaveValue('two.example');
  await expect.element(screen.getByRole('textbox', { name: 'Other domains 2' })).toHaveValue('three.example');
  await expect.element(screen.getByRole('textbox', { name: 'Other domains 1' })).toHaveFocus();

  await screen.getByRole('button', { name: 'Add to My networks' }).click();
  await expect.element(screen.getByRole('textbox', { name: 'My networks 2, address' })).toHaveFocus();
  await screen.getByRole('button', { name: 'Remove My networks 2' }).click();
  expect(screen.getByRole('button', { name: 'Remove My networks 1' }).elements()).toHaveLength(0);
});

test('errors take the focus and lead to their fields; what was typed stays, over frames too', async () => {
  const errors = { mail: { domain: 'Incorrect FQDN.', adminpass: 'Password mismatch.', gone: 'Odd.' } };
  answers[`POST ${RUN}/answers`] = [
    Response.json({ detail: 'no', kind: 'answers', errors }, { status: 422 }),
    samples.wireRun('running', { revision: 9 }),
  ];
  const { hear, screen: rendered } = showRun('waiting');
  const screen = await rendered;
  const domain = screen.getByLabelText('Mail domain');
  await domain.fill('nowhere');
  await screen.getByLabelText(/^Administrator password\*?$/).fill('s3cret');
  await screen.getByRole('button', { name: 'Configure' }).click();
  const summary = screen.getByRole('group', { name: 'What has to be changed' });
  await expect.element(summary).toHaveFocus();
  await expect.element(summary).toHaveTextContent('mail: gone: Odd.');
  await expect.element(domain).toHaveAccessibleDescription('Such as example.org. Incorrect FQDN.');
  await summary.getByRole('button', { name: 'Mail domain' }).click();
  await expect.element(domain).toHaveFocus();
  hear(samples.wireRun('waiting', { revision: 5 }));
  await expect.element(domain).toHaveValue('nowhere');
  await domain.fill('example.org');
  await expect.element(domain).not.toHaveAttribute('aria-invalid');

  await screen.getByRole('button', { name: 'Configure' }).click();
  await expect.element(screen.getByRole('status')).toHaveTextContent('The script of Mail server is running.');
  expect(asked).toHaveBeenCalledWith(`POST ${RUN}/answers`, {
    answers: { mail: expect.objectContaining({ domain: 'example.org', adminpass: 's3cret', fw_lan: true }) },
  });
  // What is set already isn't sent, and so stays.
  expect(JSON.stringify(asked.mock.calls)).not.toContain('ldappass');
  // The form is gone, and the focus with it: it goes to what took its place.
  await expect.element(screen.getByRole('group', { name: 'Run 7' })).toHaveFocus();
});

test('repositories are signed in to', async () => {
  answers[`POST ${RUN}/sign-in`] = [samples.wireRun('running', { revision: 2 })];
  const screen = await showRun('waiting', { needs: 'sign_in' }).screen;
  await screen.getByLabelText('Login').fill('ada');
  await screen.getByLabelText('Password').fill('s3cret');
  await screen.getByRole('button', { name: 'Sign in' }).click();
  await vi.waitFor(() =>
    expect(asked).toHaveBeenCalledWith(`POST ${RUN}/sign-in`, {
      repositories: [{ module: 'mail', repository: 'extras', login: 'ada', password: 's3cret' }],
    }),
  );
});

test('output shows levels in words, bold and links, and an open line as it grows', async () => {
  const { print, screen: rendered } = showRun('running');
  const screen = await rendered;
  await expect.element(screen.getByText('Nothing was printed yet.')).toBeVisible();
  print(...samples.LINES);
  const log = screen.getByRole('log', { name: 'Lines' });
  await expect.element(log).toHaveTextContent('WarningNo address record');
  await expect.element(log).toHaveTextContent('Checking ports 57 %…');
  const link = screen.getByRole('link', { name: 'http://nas.example/webmail' });
  await expect.element(link).toHaveAttribute('rel', 'noopener noreferrer');
  print(samples.wireLine(8, 'Checking ports 100 %'));
  await expect.element(log).toHaveTextContent('Checking ports 100 %');
  expect(log.element().textContent).not.toContain('57');
  const download = screen.getByRole('link', { name: 'Download' });
  await expect.element(download).toHaveAttribute('href', `${RUN}/log.txt`);
});

test('output is text, whatever it says', async () => {
  const { print, screen: rendered } = showRun('running');
  const screen = await rendered;
  print(samples.wireLine(1, '<img src=x onerror=alert(1)>'));
  await expect.element(screen.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
});

test('what is printed is spoken, an error at once; what was there before is not', async () => {
  const { print, screen: rendered } = showRun('running');
  const screen = await rendered;
  const log = screen.getByRole('log', { name: 'Lines' });
  const spoken = () => log.element().parentElement?.querySelector('[aria-live="polite"]')?.textContent;
  print(samples.wireLine(1, 'printed before'));
  await expect.element(log).toHaveTextContent('printed before');
  print(samples.wireLine(2, 'one'), samples.wireLine(3, 'two'));
  await expect.poll(spoken).toBe('two');
  print(samples.wireLine(4, 'it broke', { level: 2 }), samples.wireLine(5, 'after that'));
  await expect.poll(spoken).toBe('Error: it broke');
});

test('a hundred thousand lines: few are in the page, the end is followed until one scrolls up', async () => {
  const { print, screen: rendered } = showRun('running');
  const screen = await rendered;
  const line = (number: number) => samples.wireLine(number, `line ${String(number)}`);
  const box = () => screen.getByRole('log', { name: 'Lines' }).element();
  const atEnd = () => box().scrollHeight - box().clientHeight - box().scrollTop < 2;
  for (let from = 1; from < 100_000; from += 1_000) {
    print(...Array.from({ length: 1_000 }, (_, at) => line(from + at)));
  }
  await expect.element(screen.getByRole('log').getByText('line 100000', { exact: true })).toBeVisible();
  await vi.waitFor(() => expect(atEnd()).toBe(true));
  expect(box().querySelectorAll('.row').length).toBeLessThan(400);

  box().scrollTop = 900_000;
  await expect.element(screen.getByRole('button', { name: 'Follow the end' })).toBeVisible();
  await vi.waitFor(() => expect(box().textContent).toContain('line 50001'));
  print(line(100_001));
  await expect.element(screen.getByText('100,001 lines')).toBeVisible();
  expect(atEnd()).toBe(false);
  await screen.getByRole('button', { name: 'Follow the end' }).click();
  await expect.element(screen.getByRole('log').getByText('line 100001', { exact: true })).toBeVisible();
  await vi.waitFor(() => expect(atEnd()).toBe(true));
});

test('in another language the lines of a run are asked for again', async () => {
  const { screen: rendered, transport, print } = showRun('running');
  const screen = await rendered;
  await vi.waitFor(() => expect(transport.watchSetup).toHaveBeenCalled());
  print(samples.wireLine(1, 'One.'));
  await expect.element(screen.getByText('1 line', { exact: true })).toBeVisible();
  const watch = () => transport.watchSetup.mock.lastCall?.[0];
  expect(watch()?.after()).toBeGreaterThan(0);
  await language.choose('fr');
  expect(watch()?.after()).toBe(0);
  await expect.element(screen.getByText('0 ligne', { exact: true })).toBeVisible();
  await language.choose(null);
});

test('a failure names its step, module, command, exit and last lines, and can be tried again', async () => {
  answers[`POST ${RUN}/retry`] = [samples.wireRun('running', { revision: 2 })];
  answers[`GET ${RUN}/summary`] = [samples.SUMMARY];
  const screen = await showRun('failed').screen;
  for (const text of ['The script of Mail server failed.', 'setup-mail.sh', 'postfix: fatal']) {
    await expect.element(screen.getByText(text).first()).toBeVisible();
  }
  const summary = screen.getByRole('region', { name: 'Summary of Mail server' });
  await expect
    .element(summary)
    .toHaveTextContent(/Information.*runs.*Warnings.*address record.*Errors.*restart/);
  await screen.getByRole('button', { name: 'Retry' }).click();
  await expect.element(screen.getByRole('button', { name: 'Cancel the run' })).toBeVisible();
});

test('a run is cancelled after a question that says what stays', async () => {
  answers[`POST ${RUN}/cancel`] = [samples.wireRun('cancelled', { revision: 2 })];
  const screen = await showRun('running').screen;
  await screen.getByRole('button', { name: 'Cancel the run' }).click();
  const dialog = screen.getByRole('alertdialog', { name: 'Cancel the run?' });
  await expect.element(dialog).toHaveTextContent('What was done so far stays done');
  await dialog.getByRole('button', { name: 'Let it go on' }).click();
  expect(asked).not.toHaveBeenCalledWith(`POST ${RUN}/cancel`, undefined);
  await screen.getByRole('button', { name: 'Cancel the run' }).click();
  await dialog.getByRole('button', { name: 'Cancel the run' }).click();
  await expect.element(screen.getByRole('status')).toHaveTextContent('It was cancelled.');
});

test('the machine is restarted after a question, with a countdown that can be called off', async () => {
  const at = new Date(Date.now() + 15_000).toISOString();
  const done = (revision: number, reboot: object) => samples.wireRun('done', { revision, reboot });
  answers[`POST ${RUN}/reboot`] = [done(2, { state: 'at', at })];
  answers[`POST ${RUN}/cancel`] = [done(3, { state: 'needed', at: null })];
  const screen = await showRun('done', { reboot: { state: 'needed', at: null } }).screen;
  await screen.getByRole('button', { name: 'Restart the machine' }).click();
  await screen.getByRole('alertdialog').getByRole('button', { name: 'Restart' }).click();
  await expect.element(screen.getByText(/^In 1\d s$/)).toBeVisible();
  await screen.getByRole('button', { name: 'Call it off' }).click();
  await expect.element(screen.getByRole('button', { name: 'Restart the machine' })).toBeVisible();
});

test('a run says by whom it is, what it waits for, and where its modules are when it is done', async () => {
  const { hear, screen: rendered } = showRun('queued');
  const screen = await rendered;
  await expect.element(screen.getByRole('status')).toHaveTextContent('It waits for run 6 to end.');
  await expect.element(screen.getByText(/begun by Ada’s laptop/)).toBeVisible();
  const step = screen.getByRole('list', { name: 'Steps' }).getByRole('listitem').first();
  await expect.element(step).toHaveTextContent('Download · Not needed');
  await expect.element(step).toHaveTextContent('All modules are on the machine.');
  hear(samples.wireRun('done', { revision: 4 }));
  await expect.element(screen.getByRole('link', { name: /Webmail/ })).toBeVisible();
  hear(samples.wireRun('running', { revision: 3 }));
  await expect.element(screen.getByRole('status')).toHaveTextContent('All is done.');
});

test('how far the package manager is can be seen and heard', async () => {
  const run = samples.wireRun('running', { revision: 3 });
  const progress = { phase: 'installing', package: 'libpq5', number: 3, total: 12, percent: 62 };
  const steps = (more: object) =>
    (run['steps'] as object[]).map((step, place) => (place === 3 ? { ...step, ...more } : step));
  answers[`GET ${RUN}`] = [{ ...run, steps: steps({ state: 'running', progress }) }];
  const { show, hear } = setUp();
  const screen = await show(RunPage, { id: 7 });
  const bar = screen.getByRole('progressbar', { name: 'Progress of the packages' });
  await expect.element(bar).toHaveAttribute('aria-valuenow', '62');
  await expect.element(bar).toHaveAttribute('aria-valuetext', 'Installing libpq5, 3 of 12');
  await expect.element(screen.getByText('Installing libpq5, 3 of 12')).toBeVisible();
  const unnamed = { ...progress, phase: 'downloading', package: null };
  hear({ ...run, steps: steps({ state: 'running', progress: unnamed }) });
  await expect.element(screen.getByText('Downloading package 3 of 12')).toBeVisible();
  hear({ ...run, revision: 4, steps: steps({ state: 'done', progress: null }) });
  await expect.element(screen.getByText('Downloading package 3 of 12')).not.toBeInTheDocument();
});

test('a run that isn’t there says so', async () => {
  answers[`GET ${RUN}`] = [Response.json({}, { status: 404 })];
  const { show } = setUp();
  const screen = await show(RunPage, { id: 7 });
  await expect.element(screen.getByText('There is no run 7.')).toBeVisible();
});

test('a module’s page tells what it is, what was done with it, and configures it again', async () => {
  answers['GET /api/setup/modules/mail'] = [{ ...samples.DETAILS, can_configure: false }];
  const { app, show } = setUp();
  const screen = await show(SetupModulePage, { slug: 'mail' });
  await expect.element(screen.getByText('own domain', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('mailboxes for each account')).toBeVisible();
  await screen.getByText('Answers, 1 changed').click();
  await expect.element(screen.getByText('changed', { exact: true })).toBeVisible();
  await expect.element(screen.getByRole('link', { name: 'Run 5' })).toHaveAttribute('href', '/setup/runs/5');
  await screen.getByRole('button', { name: 'Reconfigure Mail server' }).click();
  expect(app.router.route).toEqual({
    page: 'setup-plan',
    choice: { modules: ['mail'], reconfigure: true },
  });
});

test.each([
  [SetupPage, {}],
  [PlanPage, { choice: { modules: ['a'], reconfigure: false } }],
  [RunPage, { id: 7 }],
  [SetupModulePage, { slug: 'mail' }],
])('nothing that a server may say breaks a page (%#)', async (part, props) => {
  const odd = [
    {},
    { id: 7, state: 9, steps: 'x', modules: [7, { slug: 'a' }] },
    [],
    { slug: 'mail', runs: [{}] },
  ];
  for (const body of odd) {
    const wrong = Response.json(body);
    answers = {
      'GET /api/setup': [wrong],
      'POST /api/setup/plans': [wrong],
      [`GET ${RUN}`]: [wrong],
      [`GET ${RUN}/summary`]: [wrong],
      [`GET ${RUN}/form`]: [wrong],
      'GET /api/setup/modules/mail': [wrong],
    };
    const { show } = setUp();
    const screen = await show(part, props);
    await expect.element(screen.getByRole('heading', { level: 1 })).toBeVisible();
    await screen.unmount();
  }
});

test('a run shows what it did to files, each with its difference as text, and puts them back', async () => {
  answers[`GET ${RUN}/changes`] = [
    samples.wireChanges(),
    samples.wireChanges({ possible: false, undone: { at: samples.NOW, by: 'Ada' } }),
  ];
  answers[`GET ${RUN}/changes/11`] = [{ diff: '@@ -1 +1 @@\n-old\n+<b>new</b>\n', cut: false, reason: null }];
  const changed = { detail: '1 file was changed since', kind: 'changed_since', paths: ['/etc/mail/main.cf'] };
  answers[`POST ${RUN}/undo`] = [
    Response.json(changed, { status: 409 }),
    {
      put_back: 1,
      left: [{ path: '/etc/mail/new', reason: 'the folder has something else in it' }],
      complete: true,
    },
  ];
  const { app, screen: shown } = showRun('done');
  const screen = await shown;
  const files = screen.getByRole('region', { name: 'Files' });
  await expect.element(files.getByText('/etc/mail/<b>main.cf', { exact: true })).toBeVisible();
  await expect.element(files.getByText('mode 0644 → 0600')).toBeVisible();
  await expect.element(files.getByText('/etc/mail/new/')).toBeVisible();
  expect(files.getByText('Difference', { exact: false }).elements()).toHaveLength(1);
  await userEvent.click(files.getByText('Difference', { exact: false }).first());
  const diff = files.getByLabelText('Difference of /etc/mail/<b>main.cf');
  await expect.element(diff).toHaveTextContent('@@ -1 +1 @@ -old +<b>new</b>');
  expect(diff.element().querySelector('b')).toBeNull();

  await files.getByRole('button', { name: 'Undo' }).click();
  await vi.waitFor(() =>
    expect(app.confirms.asking?.message).toContain('Packages stay as they are: postfix.'),
  );
  app.confirms.asking?.answer(true);
  await vi.waitFor(() => expect(app.confirms.asking?.message).toContain('/etc/mail/main.cf'));
  app.confirms.asking?.answer(true);
  await expect.element(files.getByText('Undone by Ada', { exact: false })).toBeVisible();
  await expect
    .element(files.getByText('the folder has something else in it', { exact: false }))
    .toBeVisible();
  expect(files.getByRole('button', { name: 'Undo' }).elements()).toHaveLength(0);
  const orders = asked.mock.calls.filter(([what]) => what === `POST ${RUN}/undo`);
  expect(orders.map(([, body]) => body)).toEqual([{ overwrite: false }, { overwrite: true }]);
});

test('a run that changed no files says nothing of them, and the history says what a run did', async () => {
  const { show, screen: shown } = showRun('done');
  const screen = await shown;
  await expect.element(screen.getByRole('region', { name: 'Steps' })).toBeVisible();
  await vi.waitFor(() => expect(asked.mock.calls.map(([what]) => what)).toContain(`GET ${RUN}/changes`));
  expect(screen.getByRole('region', { name: 'Files' }).elements()).toHaveLength(0);
  const module = await show(SetupModulePage, { slug: 'mail' });
  await expect
    .element(module.getByText('2 files created, 1 changed, undone by Ada’s laptop', { exact: false }))
    .toBeVisible();
});
