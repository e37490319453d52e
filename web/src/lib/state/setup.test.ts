/** Setup as a browser knows it: runs of which the latest counts, lines by number, and what is typed. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FORM, OVERVIEW, PLAN, wireLine, wireRun } from '../pages/setup/samples';
import { language } from '../i18n/speech.svelte';
import { decodeForms, decodeLogPart, decodeTransaction } from '../transport/setup-decode';
import type { LogLine, Transaction } from '../transport/setup-model';
import type { SetupWatch } from '../transport/transport';
import { planOf, routeOf, runOf, setupModuleOf } from './router.svelte';
import { Session } from './session.svelte';
import { SetupAnswers } from './setup-answers.svelte';
import { SetupLog } from './setup-log.svelte';
import { SetupReview } from './setup-plan.svelte';
import { Setup } from './setup.svelte';

function run(state: string, more: object = {}): Transaction {
  const decoded = decodeTransaction(wireRun(state, more));
  if (!decoded) throw new Error('not a run');
  return decoded;
}

function lines(...wire: object[]): readonly LogLine[] {
  return decodeLogPart({ transaction: 7, lines: wire, more: false }).lines;
}

const [form] = decodeForms({ forms: [FORM] });
const field = (name: string) => {
  const found = form?.fields.find((own) => own.name === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};

let answers: Record<string, Response[]>;

beforeEach(() => {
  answers = {};
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const left = answers[`${init.method ?? 'GET'} ${path}`] ?? [];
    const answer = left.length > 1 ? left.shift() : left[0];
    return answer?.clone() ?? Response.json({ detail: 'not stubbed' }, { status: 500 });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function setUp() {
  const watched: (SetupWatch | null)[] = [];
  const setup = new Setup({ watchSetup: (watch) => watched.push(watch) }, new Session());
  return { setup, watched };
}

test('the latest of a run counts, whichever way it came', async () => {
  const { setup } = setUp();
  answers['GET /api/setup/transactions/7'] = [Response.json(wireRun('running', { revision: 5 }))];
  setup.heard(run('done', { revision: 9 }));
  setup.heard(run('running', { revision: 8 }));
  expect(setup.transaction(7)?.state).toBe('done');
  const own = setup.run(7);
  setup.heard(run('done', { revision: 9 }));
  await own.load();
  expect(own.now?.state).toBe('done');
});

test('the page that is open decides what is watched, whenever the one before ends', () => {
  const { setup, watched } = setUp();
  const endList = setup.watch();
  const endRun = setup.watchRun(7);
  endList();
  expect(watched.map((watch) => watch && watch.transaction)).toEqual([null, 7]);
  setup.linesCame({
    transaction: 7,
    lines: lines(wireLine(1, 'a'), wireLine(2, 'b', { open: true })),
    more: false,
  });
  expect(watched[1]?.after()).toBe(1);
  endRun();
  expect(watched.at(-1)).toBeNull();
});

test('the list is asked for again when a run comes to its end, and what is gone is not chosen', async () => {
  const { setup } = setUp();
  answers['GET /api/setup'] = [Response.json(OVERVIEW), Response.json({ ...OVERVIEW, modules: [] })];
  setup.watch();
  setup.chosen.add('mail');
  setup.chosen.add('ldap');
  await setup.refetch();
  expect([...setup.chosen]).toEqual(['mail']);
  setup.heard(run('running', { id: 9 }));
  await vi.waitFor(() => expect(setup.overview?.modules).toEqual([]));
  expect(setup.chosen.size).toBe(0);
});

test('lines come after one another, an open one is replaced, and what came twice is there once', () => {
  const log = new SetupLog();
  log.add(lines(wireLine(1, 'one'), wireLine(2, 'tw', { open: true })), false);
  expect(log.after).toBe(1);
  log.add(lines(wireLine(2, 'two'), wireLine(3, 'three'), wireLine(5, 'five')), false);
  log.add(lines(wireLine(4, 'four'), wireLine(1, 'one')), false);
  expect(log.slice(0, 9).map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(log.after).toBe(5);
});

test('what was printed before is no news; what is printed then is, when it is whole', () => {
  const log = new SetupLog();
  const heard: string[] = [];
  const end = log.listen(({ text }) => heard.push(text));
  log.add(lines(wireLine(1, 'old')), true);
  log.add(lines(wireLine(2, 'old too')), false);
  log.add(lines(wireLine(3, 'ha', { open: true })), false);
  log.add(lines(wireLine(3, 'half')), false);
  log.add(lines(wireLine(4, 'many'), wireLine(5, 'more')), true);
  end();
  log.add(lines(wireLine(6, 'unheard')), false);
  expect(heard).toEqual(['half', 'many', 'more']);
});

test('lines of another language are forgotten, and asked for from the first one', async () => {
  const { setup, watched } = setUp();
  setup.watchRun(7);
  setup.linesCame({ transaction: 7, lines: lines(wireLine(1, 'one')), more: false });
  setup.watchRun(7);
  expect(watched.at(-1)?.after()).toBe(1);
  await language.choose('fr');
  setup.watchRun(7);
  await language.choose(null);
  expect([setup.run(7).log.length, watched.at(-1)?.after()]).toEqual([0, 0]);
});

test('a hundred thousand lines are taken in well under a second', () => {
  const log = new SetupLog();
  const part = (from: number) =>
    lines(...Array.from({ length: 1_000 }, (_, at) => wireLine(from + at, `line ${String(at)}`)));
  const parts = Array.from({ length: 100 }, (_, at) => part(1 + at * 1_000));
  const start = performance.now();
  for (const each of parts) log.add(each, true);
  expect(performance.now() - start).toBeLessThan(500);
  expect(log.length).toBe(100_000);
});

test('what was typed stays until it was accepted; an error goes with the next letter', () => {
  const typed = new SetupAnswers();
  typed.set('mail', field('domain'), 'exa');
  const faults = typed.refuse(form ? [form] : [], {
    mail: { networks: 'Incorrect IP address.', domain: 'Incorrect FQDN.', relayhost: 'not shown' },
  });
  expect(faults.map(({ label, shown }) => [label, shown])).toEqual([
    ['Mail domain', true],
    ['My networks', true],
    ['mail: relayhost', false],
  ]);
  expect(typed.error('mail', field('domain'))).toBe('Incorrect FQDN.');
  typed.set('mail', field('domain'), 'example.org');
  expect(typed.error('mail', field('domain'))).toBeNull();
  expect(typed.text('mail', field('domain'))).toBe('example.org');
  typed.clear();
  expect(typed.text('mail', field('domain'))).toBe('');
});

test('a password that is set stays until it is to be another, and again when that is taken back', () => {
  const typed = new SetupAnswers();
  const secret = field('ldappass');
  expect(typed.keeps('mail', secret)).toBe(true);
  typed.change('mail', secret, 'change');
  typed.set('mail', secret, 'x');
  expect(typed.keeps('mail', secret)).toBe(false);
  typed.change('mail', secret, 'keep');
  expect(typed.keeps('mail', secret)).toBe(true);
  expect(typed.text('mail', secret)).toBe('');
});

test('a field that has become another kind is empty rather than wrong', () => {
  const typed = new SetupAnswers();
  typed.set('mail', field('domain'), 'text');
  expect(typed.networks('mail', { ...field('networks'), name: 'domain' })).toEqual([]);
  typed.set('mail', field('networks'), [{ ip: '10.0.0.0', mask: '' }]);
  expect(typed.text('mail', { ...field('domain'), name: 'networks' })).toBe('');
  expect(typed.rows('mail', { ...field('aliases'), name: 'networks' })).toEqual(['10.0.0.0']);
});

test('what was answered elsewhere is offered beside a draft, and stands where there is none', () => {
  const typed = new SetupAnswers();
  const domain = (value: string) => ({ ...field('domain'), value });
  typed.set('mail', domain('a'), 'mine');
  expect(typed.offered('mail', domain('a'))).toBeNull();
  expect(typed.offered('mail', domain('mine'))).toBeNull();
  expect(typed.offered('mail', domain('theirs'))).toEqual({ value: 'theirs' });
  typed.decline('mail', domain('theirs'));
  expect(typed.offered('mail', domain('theirs'))).toBeNull();
  expect(typed.text('mail', domain('theirs'))).toBe('mine');
  expect(typed.offered('mail', domain('newer'))).toEqual({ value: 'newer' });
  typed.take('mail', domain('newer'));
  expect(typed.text('mail', domain('newer'))).toBe('newer');
  // Typed back to what is known, it is nobody's draft any more.
  typed.set('mail', domain('a'), 'b');
  typed.set('mail', domain('a'), 'a');
  expect(typed.text('mail', domain('theirs'))).toBe('theirs');
  const secret = { ...field('adminpass'), value: 'x' };
  typed.set('mail', { ...secret, value: '' }, 's3cret');
  expect(typed.offered('mail', secret)).toBeNull();
});

test('answers that are refused are told at their fields; accepted ones are forgotten', async () => {
  const { setup } = setUp();
  const own = setup.run(7);
  const errors = { mail: { domain: 'Incorrect FQDN.' } };
  answers['GET /api/setup/transactions/7'] = [Response.json(wireRun('waiting'))];
  answers['GET /api/setup/transactions/7/form'] = [Response.json({ forms: [FORM] })];
  answers['POST /api/setup/transactions/7/answers'] = [
    Response.json({ detail: 'no', kind: 'answers', errors }, { status: 422 }),
    Response.json({ detail: 'Somebody else answered.' }, { status: 409 }),
    Response.json(wireRun('running', { revision: 2 })),
  ];
  await own.load();
  expect(own.forms).toHaveLength(1);
  own.answers.set('mail', field('domain'), 'x');
  await own.send();
  expect(own.faults.map(({ message }) => message)).toEqual(['Incorrect FQDN.']);
  expect(own.trouble).toBeNull();
  await own.send();
  expect(own.trouble?.message).toBe('Somebody else answered.');
  expect(own.answers.text('mail', field('domain'))).toBe('x');
  await own.send();
  expect(own.now?.state).toBe('running');
  expect(own.forms).toBeNull();
  expect(own.answers.text('mail', field('domain'))).toBe('');
});

test('repositories that ask for a login are known by the plan of the run’s modules', async () => {
  const { setup } = setUp();
  answers['GET /api/setup/transactions/7'] = [Response.json(wireRun('waiting', { needs: 'sign_in' }))];
  answers['POST /api/setup/plans'] = [Response.json(PLAN)];
  const own = setup.run(7);
  await own.load();
  expect(own.repositories?.map(({ slug }) => slug)).toEqual(['extras']);
});

test('a run that isn’t there is none, and one that can’t be asked is a trouble', async () => {
  const { setup } = setUp();
  const own = setup.run(8);
  await own.load();
  expect(own.trouble?.message).toBe('not stubbed');
  answers['GET /api/setup/transactions/8'] = [Response.json({}, { status: 404 })];
  await own.load();
  expect(own.none).toBe(true);
});

test('a start that is refused says why: busy, another plan, a conflict', async () => {
  const review = new SetupReview({ modules: ['mail'], reconfigure: false }, new Session());
  answers['POST /api/setup/plans'] = [
    Response.json(PLAN),
    Response.json({ detail: 'They conflict.', kind: 'conflict', modules: ['a', 'b'] }, { status: 422 }),
  ];
  answers['POST /api/setup/transactions'] = [
    Response.json({ detail: 'busy', kind: 'busy', transaction: 3 }, { status: 409 }),
    Response.json(
      { detail: 'changed', kind: 'plan_changed', plan: { ...PLAN, digest: 'ffff' } },
      { status: 409 },
    ),
    Response.json(wireRun('queued'), { status: 201 }),
  ];
  await review.load();
  expect(await review.start()).toBeNull();
  expect(review.busyWith).toBe(3);
  expect(await review.start()).toBeNull();
  expect([review.changed, review.busyWith, review.plan?.digest, review.trouble]).toEqual([
    true,
    null,
    'ffff',
    null,
  ]);
  expect((await review.start())?.id).toBe(7);
  await review.load();
  expect([review.plan, review.concerned, review.trouble?.message]).toEqual([
    null,
    ['a', 'b'],
    'They conflict.',
  ]);
});

test('the wizard’s pages have addresses', () => {
  expect(routeOf('/setup/')).toEqual({ page: 'setup' });
  expect(routeOf('/setup/plan', '?modules=a,b,a,')).toEqual({
    page: 'setup-plan',
    choice: { modules: ['a', 'b'], reconfigure: false },
  });
  expect(
    routeOf('/setup/plan', planOf({ modules: ['x,y', 'ü'], reconfigure: true }).slice('/setup/plan'.length)),
  ).toEqual({
    page: 'setup-plan',
    choice: { modules: ['x', 'y', 'ü'], reconfigure: true },
  });
  expect(routeOf(runOf(12))).toEqual({ page: 'setup-run', run: 12 });
  expect(routeOf(setupModuleOf('a/b'))).toEqual({ page: 'setup-module', module: 'a/b' });
  for (const path of [
    '/setup/runs/x',
    '/setup/runs',
    '/setup/modules/',
    '/setup/other',
    '/setup/modules/%ff',
  ]) {
    expect(routeOf(path).page).toBe('not-found');
  }
});
