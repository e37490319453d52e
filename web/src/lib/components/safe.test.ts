import { expect, test } from 'vitest';
import { colorOf } from './color';
import { keyed } from './keys';
import { safeColor, safeHref, safeLength, safeSrc, safeTracks } from './safe';

test.each([
  'https://example.org/a?b#c',
  'http://nas:8080',
  'mailto:me@example.org',
  '/m/steam',
  '/modules?x=1',
])('a link may lead to %s', (address) => expect(safeHref(` ${address} `)).toBe(address));

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'evil.example',
  '#x',
  '',
  7,
  null,
  ['https://x'],
])('a link may not lead to %j', (address) => expect(safeHref(address)).toBeNull());

test.each(['/img.png', 'https://x.org/i.png', 'data:image/png;base64,AA=='])('an image may be %s', (src) =>
  expect(safeSrc(src)).toBe(src),
);
test.each(['data:text/html,x', 'javascript:x', 'file:///x', '//x/y.png', 'x.png', {}])(
  'an image may not be %j',
  (src) => expect(safeSrc(src)).toBeNull(),
);

test.each(['1fr 2fr', 'repeat(auto-fill, minmax(120px, 1fr))', 'minmax(0, 1fr) auto'])(
  'tracks may be %s',
  (css) => expect(safeTracks(css)).toBe(css),
);
test.each([
  '1fr; color: red',
  'url(x)',
  'var(--x)',
  'repeat(10000, 1px)',
  'none}',
  '<b>',
  `${'1fr '.repeat(100)}`,
  3,
  null,
])('tracks may not be %j', (css) => expect(safeTracks(css)).toBeNull());

test('lengths and colours are CSS values and nothing more', () => {
  expect([safeLength('8rem'), safeLength('20%'), safeLength(120)]).toEqual(['8rem', '20%', '120px']);
  expect([safeLength('1px;x:y'), safeLength('url(x)'), safeLength('wide'), safeLength(NaN)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect([safeColor('#4a9'), safeColor('tomato'), safeColor('rgb(1 2 3 / 50%)')]).not.toContain(null);
  expect([safeColor('url(x)'), safeColor('red;x:y'), safeColor('var(--x)'), safeColor('reddish')]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(colorOf('warning')).toBe('var(--warn-mark)');
  expect(colorOf({ toString: () => 'red' })).toBe('var(--accent)');
});

test('what is like another is told apart by its place among those', () => {
  const keys = (...types: object[]) => keyed(types.map((type) => ({ ...type }))).map(({ key }) => key);
  const [a, b] = keys({ type: 'input', name: 'x' }, { type: 'input', name: 'x' });
  expect(a).not.toBe(b);
  expect(keys({ type: 'alert' }, { type: 'input', name: 'x' })[1]).toBe(a);
});
