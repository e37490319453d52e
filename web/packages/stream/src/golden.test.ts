/** Golden samples of stream v2, which the tests of the daemon and of the Python client read too. */
import { decode, encode } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import samples from '../../../../tests/golden/stream-v2.json';
import { decodeFrame } from './decode.ts';
import type { ClientFrame } from './protocol.ts';
import { initialState, reduce, resumeOf } from './store.ts';

const of = (direction: string) => samples.filter((sample) => sample.direction === direction);

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

test.each(samples)('$name: the bytes hold the message', ({ message, msgpack }) => {
  expect(decode(bytes(msgpack))).toEqual(message);
});

test.each(of('from_server'))('$name: is well-formed', ({ message, msgpack }) => {
  expect(decodeFrame(bytes(msgpack).buffer)).toEqual(message);
});

const params = { by: 2, __form__: { name: 'x' } };

test.each([
  ['resume of nothing', resumeOf(initialState)],
  ['resume', { type: 'resume', run: '0a1b2c3d-en', modules: { disks: 41, my_module: 42 } }],
  ['an action', { type: 'action', id: 5, module: 'my_module', action: 'increment', params }],
  [
    'an action without parameters',
    { type: 'action', id: 6, module: 'my_module', action: 'increment', params: null },
  ],
  ['cancel', { type: 'cancel', id: 5 }],
  ['subscribe to a page', { type: 'subscribe', page: 'sys_monitor' }],
  ['subscribe to no page any more', { type: 'subscribe', page: null }],
  [
    'subscribe to setup and the lines of one transaction',
    { type: 'subscribe', setup: { transaction: 3, after: 120 } },
  ],
  ['subscribe to setup', { type: 'subscribe', setup: {} }],
  ['subscribe to nothing of setup any more', { type: 'subscribe', setup: null }],
  ['ping', { type: 'ping' }],
] satisfies [string, ClientFrame][])('%s: a client says what the sample says', (name, frame) => {
  const sample = of('from_client').find((each) => each.name === name);
  expect(encode(frame)).toEqual(bytes(sample?.msgpack ?? ''));
});

test('one after the other, the samples tell of a module', () => {
  const whole = samples.find(({ name }) => name === 'a module whole');
  const counted = samples.find(({ name }) => name === 'a patch of one operation');
  const gone = samples.find(({ name }) => name === 'a module that is gone');
  let state = initialState;
  const seen = [whole, counted, gone].map((sample) => {
    const frame = decodeFrame(bytes(sample?.msgpack ?? '').buffer);
    if (frame.type !== 'module' && frame.type !== 'patch')
      throw new Error(`${frame.type} is about no module`);
    const reduced = reduce(state, frame);
    state = reduced.state;
    expect(reduced.fault).toBeNull();
    return state.modules.get('my_module')?.ui?.tile;
  });
  expect(seen).toMatchObject([{ stats: [{ value: 3 }] }, { stats: [{ value: 4 }] }, undefined]);
});
