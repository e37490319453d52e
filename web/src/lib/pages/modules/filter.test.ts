import { expect, test } from 'vitest';
import { decodeModuleInfos } from '../../transport/decode';
import { categoriesOf, EVERYTHING, filtered, modulesOf, tagsOf, wantedOf, type Wanted } from './filter';

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

test.each([
  ['/modules', {}],
  ['/modules?q=a%20%26%20b', { text: 'a & b' }],
  [
    '/modules?q=x&category=games&tag=caf%C3%A9&state=trouble',
    { text: 'x', category: 'games', tag: 'café', state: 'trouble' },
  ],
] satisfies [string, Partial<Wanted>][])('%s asks for what it says', (address, wanted) => {
  const whole = { ...EVERYTHING, ...wanted };
  expect(wantedOf(address.slice('/modules'.length))).toEqual(whole);
  expect(modulesOf(whole)).toBe(address);
});

test('what makes no sense in an address is left out', () => {
  expect(wantedOf('?state=asleep&module=x&q=')).toEqual(EVERYTHING);
});

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
