import { expect, test } from 'vitest';
import { fallbackIcon, iconNow, loadIcon } from './load';
import { iconKeys, normalizeIconName } from './normalize';

test.each([
  ['wrench', 'Wrench', 'WRENCH', 'LucideWrench', 'WrenchIcon', 'lucide-wrench'],
  ['hard-drive', 'HardDrive', 'hard_drive', 'Hard Drive', 'LucideHardDriveIcon'],
  ['gamepad-2', 'Gamepad2', 'gamepad2'],
  ['triangle-alert', 'AlertTriangle', 'alert-triangle'],
])('%s has one body under every spelling', async (name, ...spellings) => {
  const body = await loadIcon(name);
  expect(body).not.toBe(fallbackIcon);
  for (const spelling of spellings) expect(await loadIcon(spelling), spelling).toBe(body);
});

test.each([
  'Counter',
  '',
  '💥',
  'icons',
  'constructor',
  '__proto__',
  '<svg onload=alert(1)>',
  '../etc',
  '42',
])('unknown name %j is the neutral icon', async (name) => {
  expect(await loadIcon(name)).toBe(fallbackIcon);
});

test('an icon is at hand without waiting once its letter was fetched', async () => {
  expect(iconNow('zap')).toBeUndefined();
  const body = await loadIcon('zap');
  expect(iconNow('Zap')).toBe(body);
  expect(iconNow('💥')).toBe(fallbackIcon);
});

test('normalising drops case and separators only', () => {
  expect(normalizeIconName('Arrow-Down_0 1')).toBe('arrowdown01');
  expect(iconKeys('LucideIcon')).toEqual(['lucideicon', 'lucide', 'icon']);
});

test('bodies are drawing elements and nothing else', async () => {
  for (const name of ['wrench', 'circle', 'database', 'a-arrow-down']) {
    expect(await loadIcon(name)).toMatch(
      /^(<(path|circle|rect|line|ellipse|polyline|polygon|g)\b[^<>]*\/?>|<\/g>)+$/,
    );
  }
});
