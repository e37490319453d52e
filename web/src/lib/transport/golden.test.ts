/** Golden samples of stream v1, which the Rust tests write and read too. */
import { decode, encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import samples from '../../../../tests/golden/stream-v1.json';
import { decodeFrame } from './decode';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

describe('golden samples of stream v1', () => {
  it.each(samples)('$name: the bytes hold the message', ({ message, msgpack }) => {
    expect(decode(bytes(msgpack))).toEqual(message);
  });

  it('a client says what the samples say', () => {
    const ping = samples.find(({ name }) => name === 'ping');
    expect(encode({ type: 'ping' })).toEqual(bytes(ping?.msgpack ?? ''));
  });

  it('frames become what the page draws', () => {
    const frames = samples
      .filter(({ direction }) => direction === 'from_server')
      .map(({ msgpack }) => decodeFrame(decode(bytes(msgpack)), 0));
    expect(frames.map(({ kind }) => kind)).toEqual(['modules', 'module', 'module', 'other']);
    expect(frames[0]).toMatchObject({
      modules: [
        { name: 'a', life: 'running', problem: null },
        { name: 'b', life: 'backoff', problem: { detail: 'exit status 3', retryAt: 1000 } },
      ],
    });
    expect(frames[2]).toMatchObject({ module: { name: 'b', life: 'backoff', problem: { retryAt: 1000 } } });
  });
});
