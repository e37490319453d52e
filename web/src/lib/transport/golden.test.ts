/** Golden samples of stream v1, which the Rust tests write and read too. */
import { decode, encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import samples from '../../../../tests/golden/stream-v1.json';
import { decodeFrame } from './decode';
import type { ClientFrame } from './protocol';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

describe('golden samples of stream v1', () => {
  it.each(samples)('$name: the bytes hold the message', ({ message, msgpack }) => {
    expect(decode(bytes(msgpack))).toEqual(message);
  });

  it.each([
    ['ping', { type: 'ping' }],
    ['watch a page', { type: 'watch', page: 'a' }],
    ['watch no page', { type: 'watch', page: null }],
    ['watch setup', { type: 'watch_setup', transaction: null }],
    ['watch a setup transaction', { type: 'watch_setup', transaction: 7, after: 2 }],
    ['watch setup no more', { type: 'watch_setup', stop: true }],
  ] satisfies [string, ClientFrame][])('%s: a client says what the sample says', (name, frame) => {
    const sample = samples.find((each) => each.name === name);
    expect(encode(frame)).toEqual(bytes(sample?.msgpack ?? ''));
  });

  it('frames become what the page draws', () => {
    const frames = samples
      .filter(({ direction }) => direction === 'from_server')
      .map(({ msgpack }) => decodeFrame(decode(bytes(msgpack)), 0));
    expect(frames.map(({ kind }) => kind)).toEqual([
      'modules',
      'module',
      'module',
      'module',
      'module',
      'other',
      'setup',
      'setup',
      'setup-lines',
    ]);
    expect(frames[6]).toMatchObject({
      transaction: {
        id: 7,
        revision: 12,
        state: 'failed',
        modules: [
          { slug: 'dns', links: [{ href: 'https://nas/dns' }] },
          { slug: 'mail', state: 'failed' },
        ],
        failure: { step: 'configure', module: 'mail', exit: 'exit status 1', lastLines: ['no such domain'] },
      },
    });
    expect(frames[7]).toMatchObject({
      transaction: { state: 'waiting', needs: 'answers', behind: 6, reboot: { state: 'at' } },
    });
    expect(frames[8]).toMatchObject({
      part: {
        transaction: 7,
        lines: [
          { number: 1, kind: 'command', spans: null, open: false },
          {
            number: 2,
            level: 8,
            spans: [{ text: 'See ' }, { href: 'http://nas/mail', bold: true }],
            open: true,
          },
        ],
      },
    });
    expect(frames[0]).toMatchObject({
      modules: [
        { name: 'a', life: 'running', problem: null },
        { name: 'b', life: 'backoff', problem: { detail: 'exit status 3', retryAt: 1000 } },
      ],
    });
    expect(frames[3]).toMatchObject({
      module: {
        problem: { kind: 'task', detail: 'ValueError: no such disk' },
        running: [
          {
            call: '7',
            action: 'copy',
            params: { disk: 'sda' },
            progress: { done: 2.5, total: 10, text: 'Copying' },
          },
          { call: '8', action: 'scan', params: {}, progress: null },
        ],
        page: { type: 'stack', children: [] },
        dashboard: false,
        hasPage: true,
        live: false,
      },
    });
    expect(frames[2]).toMatchObject({ module: { name: 'b', life: 'backoff', problem: { retryAt: 1000 } } });
  });
});
