import { expect, test } from 'vitest';
import { keyed } from './keys';
import { hostOf, safeHref, safeSrc } from './safe';

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

test.each(['/img.png', `${location.origin}/img.png`, 'data:image/png;base64,AA=='])(
  'an image may be %s',
  (src) => expect(safeSrc(src)).toBe(src),
);
test.each([
  ...['data:text/html,x', 'javascript:x', 'file:///x', '//x/y.png', 'x.png', {}],
  ...['https://x.org/i.png', 'http://192.168.1.2/i.png', `http://${location.host}@x.org/i.png`],
])('an image may not be %j', (src) => expect(safeSrc(src)).toBeNull());

test('the host of an address is the one that would be asked', () => {
  expect(hostOf('https://nas@x.org:8080/i.png')).toBe('x.org:8080');
  expect(['javascript:x', '/i.png', 'http://', ''].map(hostOf)).toEqual([null, null, null, null]);
});

test('what is like another is told apart by its place among those', () => {
  const keys = (...types: object[]) => keyed(types.map((type) => ({ ...type }))).map(({ key }) => key);
  const [a, b] = keys({ type: 'input', name: 'x' }, { type: 'input', name: 'x' });
  expect(a).not.toBe(b);
  expect(keys({ type: 'alert' }, { type: 'input', name: 'x' })[1]).toBe(a);
});
