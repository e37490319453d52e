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
    expect(system.limits.memory).toBeNull();
  }
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
      limits: { usual: { memory: 64, processes: null }, modules: { big: { memory: 128 } } },
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
  expect(system.limits).toMatchObject({ memory: 64, processes: null });
  expect(system.ownLimits).toMatchObject([{ module: 'big', limits: { memory: 128 } }]);
});
