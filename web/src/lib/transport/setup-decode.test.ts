/** Whatever a server says of setup becomes something that can be drawn. */
import { describe, expect, it } from 'vitest';
import { DETAILS, FORM, LINES, OVERVIEW, PLAN, SUMMARY, wireRun } from '../pages/setup/samples';
import {
  decodeAnswerErrors,
  decodeForms,
  decodeLogPart,
  decodeOverview,
  decodeSetupModule,
  decodeSummary,
  decodeTransaction,
} from './setup-decode';
import { decodePlan } from './setup-plan';

const WRONG = [undefined, null, 7, -1.5, NaN, 'x', true, [], [null], {}, new Date(NaN), 5n];

/** The sample, with each of its values in turn replaced by each wrong one. */
function* spoilt(sample: unknown): Generator<unknown> {
  yield* WRONG;
  if (typeof sample !== 'object' || sample === null) return;
  for (const [key, value] of Object.entries(sample)) {
    for (const other of spoilt(value)) {
      const copy = (Array.isArray(sample) ? [...sample] : { ...sample }) as Record<string, unknown>;
      copy[key] = other;
      yield copy;
    }
  }
}

describe('wrong data', () => {
  it.each([
    ['overview', decodeOverview, { ...OVERVIEW, modules: OVERVIEW.modules.slice(0, 2), transactions: [] }],
    ['module', decodeSetupModule, DETAILS],
    ['plan', decodePlan, PLAN],
    ['forms', decodeForms, { forms: [FORM] }],
    ['run', decodeTransaction, wireRun('failed')],
    ['summary', decodeSummary, SUMMARY],
    ['lines', (lines: unknown) => decodeLogPart({ transaction: 7, lines, more: false }), LINES],
  ])('%s: nothing throws', (_name, read, sample) => {
    for (const value of spoilt(sample)) expect(() => read(value)).not.toThrow();
  });
});

it('a run is read as it was written', () => {
  const run = decodeTransaction(wireRun('failed', { reboot: { state: 'at', at: '2026-11-21T12:00:00Z' } }));
  expect(run).toMatchObject({
    id: 7,
    state: 'failed',
    needs: null,
    failure: { step: 'configure', module: 'mail', exit: 'exit status 1' },
    reboot: { state: 'at', at: new Date('2026-11-21T12:00:00Z') },
    by: 'Ada’s laptop',
  });
  expect(run?.steps.map(({ kind }) => kind)).toEqual([
    'download',
    'sign_in',
    'repositories',
    'packages',
    'configure',
    'end',
  ]);
});

it('links lead to the web or nowhere', () => {
  const hrefs = [
    'javascript:alert(1)',
    'data:text/html,x',
    '/setup',
    'https://ok.example/',
    'http://ok.example/',
  ];
  const links = hrefs.map((href) => ({ name: 'n', href }));
  const spans = hrefs.map((href) => ({ text: 't', bold: false, href }));
  const run = decodeTransaction({ ...wireRun('done'), modules: [{ slug: 'm', links }] });
  expect(run?.modules[0]?.links.map(({ href }) => href)).toEqual([
    'https://ok.example/',
    'http://ok.example/',
  ]);
  const { lines } = decodeLogPart({ transaction: 1, lines: [{ number: 1, spans }], more: false });
  expect(lines[0]?.spans?.map(({ href }) => href)).toEqual([
    null,
    null,
    null,
    'https://ok.example/',
    'http://ok.example/',
  ]);
});

it('a password never has a value, whatever the server says', () => {
  const forms = decodeForms({
    forms: [{ slug: 'm', fields: [{ name: 'p', type: 'password', value: 'hunter2', is_set: true }] }],
  });
  expect(forms[0]?.fields[0]).toMatchObject({ value: '', isSet: true });
});

it('what is wrong with answers is read by module and field', () => {
  const errors = { mail: { domain: 'This field can’t be empty.', port: 7, odd: {} }, odd: 'x' };
  expect(decodeAnswerErrors({ errors })).toEqual({
    mail: { domain: 'This field can’t be empty.', port: '7', odd: 'This value is not accepted.' },
    odd: {},
  });
});
