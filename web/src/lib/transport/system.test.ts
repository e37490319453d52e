import { expect, test } from 'vitest';
import { decodeSystem } from './system';

test('whatever comes, there is something to show', () => {
  for (const junk of [
    null,
    7,
    'x',
    [],
    {},
    { parts: 7, versions: [], storage: { disk: 1, taken: 2 }, limits: 3 },
  ]) {
    const system = decodeSystem(junk, 0);
    expect(system.parts).toEqual([]);
    expect([system.condition, system.disk, system.taken, system.startedAt]).toEqual([
      'attention',
      null,
      null,
      null,
    ]);
    expect(system.limits).toEqual({});
  }
});

test('what is told twice is there once, or the page couldn’t tell one from the other', () => {
  const system = decodeSystem(
    {
      parts: [{ name: 'store' }, { name: 'disk' }, { name: 'store', detail: 'again' }],
      storage: { taken: { modules: [{ module: 'm' }, { module: 'm', data: 1 }] } },
    },
    0,
  );
  expect(system.parts.map(({ name }) => name)).toEqual(['store', 'disk']);
  expect(system.taken?.modules).toEqual([{ module: 'm', data: 0, cache: 0 }]);
});

test('what is told is read', () => {
  const system = decodeSystem(
    {
      condition: 'well',
      parts: [{ name: 'store', condition: 'failed', detail: 'Damaged.', help: 'Restore it.' }],
      uptime: 60,
      storage: {
        disk: { total: 100, free: 120 },
        taken: { database: 5, downloads: 6, modules: [{ module: 'm', data: -1 }] },
      },
      limits: {
        usual: { memory: 64, processes: null, open_files: 'many' },
        modules: { big: { memory: 128 } },
      },
    },
    100_000,
  );
  expect(system.parts[0]).toMatchObject({ condition: 'failed', help: 'Restore it.' });
  expect(system.startedAt).toBe(40_000);
  expect(system.disk).toEqual({ total: 100, free: 100 });
  expect(system.taken).toMatchObject({
    at: null,
    database: 5,
    downloads: 6,
    modules: [{ module: 'm', data: 0, cache: 0 }],
  });
  expect(system.limits).toEqual({ memory: 64, processes: null });
  expect(system.ownLimits).toMatchObject([{ module: 'big', limits: { memory: 128 } }]);
});
