import { expect, test } from 'vitest';
import { ENGLISH } from '../../i18n/texts';
import { decodeActions } from '../../transport/decode';
import { actionEntries, moduleEntries, type Facts } from './entries';

const MODULE: Facts = {
  name: 'backup',
  displayName: 'Backups',
  enabled: true,
  valid: true,
  life: 'running',
  capabilities: { websocket: true, dashboard: true, detailPage: true, settings: true },
};

function titles(more: Partial<Facts>): string[] {
  return moduleEntries({ ...MODULE, ...more }, ENGLISH.say).map(({ title }) => title);
}

test('a module has what it can, as it is now', () => {
  expect(titles({})).toEqual(['Open Backups', 'Settings of Backups', 'Log of Backups', 'Disable Backups']);
  expect(titles({ enabled: false })).toEqual(['Settings of Backups', 'Log of Backups', 'Enable Backups']);
  const none = { ...MODULE.capabilities, detailPage: false, settings: false };
  expect(titles({ capabilities: none })).toEqual(['Log of Backups', 'Disable Backups']);
});

test('one that can’t run can be switched off, never on', () => {
  expect(titles({ valid: false })).toEqual(['Open Backups', 'Disable Backups']);
  expect(titles({ valid: false, enabled: false })).toEqual([]);
});

test('only actions that need to be told nothing are offered, with the question that stands before them', () => {
  const actions = decodeActions({
    actions: ['run_now', 'restore', 'odd'],
    schemas: {
      run_now: {
        description: 'Back up now.',
        confirm: 'Really?',
        params: { type: 'object', properties: {} },
      },
      restore: { confirm: null, params: { type: 'object', required: ['snapshot'] } },
      odd: 7,
    },
  });
  const [offered, ...others] = actionEntries(MODULE, actions);
  expect(others).toEqual([]);
  expect(offered).toMatchObject({
    title: 'Run now',
    hint: 'Backups',
    deed: { kind: 'act', module: 'backup', ref: { action: 'run_now', params: {}, confirm: 'Really?' } },
  });
});
