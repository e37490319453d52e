import { expect, test } from 'vitest';
import { decodeModuleInfos } from '../../transport/decode';
import { categoriesOf, EVERYTHING, filtered, tagsOf, type Wanted } from './filter';

const modules = decodeModuleInfos(
  {
    modules: [
      { name: 'sys', display_name: 'System', category: 'monitoring', tags: ['cpu', 'disk'], enabled: true },
      { name: 'steam', description: 'Games and libraries', category: 'games', tags: ['disk'] },
      { name: 'broken', valid: false },
      { name: 'failing', enabled: true, life: 'failed' },
    ],
  },
  0,
);
const names = (wanted: Partial<Wanted>) =>
  filtered(modules, { ...EVERYTHING, ...wanted }).map(({ name }) => name);

test('what can be asked for is what there is', () => {
  expect(categoriesOf(modules)).toEqual(['games', 'monitoring']);
  expect(tagsOf(modules)).toEqual(['cpu', 'disk']);
});

test.each([
  [{}, ['sys', 'steam', 'broken', 'failing']],
  [{ text: '  GAMES lib ' }, ['steam']],
  [{ text: 'nothing like it' }, []],
  [{ category: 'monitoring' }, ['sys']],
  [{ tag: 'disk' }, ['sys', 'steam']],
  [{ tag: 'disk', category: 'games' }, ['steam']],
  [{ state: 'enabled' }, ['sys', 'failing']],
  [{ state: 'disabled' }, ['steam', 'broken']],
  [{ state: 'trouble' }, ['broken', 'failing']],
] satisfies [Partial<Wanted>, string[]][])('%j shows %j', (wanted, expected) => {
  expect(names(wanted)).toEqual(expected);
});
