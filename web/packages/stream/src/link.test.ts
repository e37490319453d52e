import { expect, test } from 'vitest';
import {
  connectionOf,
  delay,
  initialLink,
  LONGEST_DELAY,
  nextTick,
  step,
  type LinkEvent,
  type LinkState,
} from './link.ts';

/** That of the web client. */
const HEARTBEAT = { pingAfter: 2_000, answerWithin: 3_000 };

/** Plays events at their times; answers the last state and every effect. */
function play(...events: [now: number, event: LinkEvent][]): { state: LinkState; effects: string[] } {
  let state = initialLink;
  const effects: string[] = [];
  for (const [now, event] of events) {
    const next = step(state, event, { now, random: 1, heartbeat: HEARTBEAT, longestDelay: LONGEST_DELAY });
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const CONNECTED: [number, LinkEvent][] = [
  [0, { kind: 'connect' }],
  [10, { kind: 'opened' }],
  [20, { kind: 'frame' }],
  [20, { kind: 'greeted' }],
];

test('is connected only once a full state has come', () => {
  expect(connectionOf(play(...CONNECTED.slice(0, 3)).state).phase).toBe('connecting');
  expect(connectionOf(play(...CONNECTED).state).phase).toBe('connected');
});

test('pings after 2 s of silence and is dead 5 s after the last frame', () => {
  const silent = play(...CONNECTED, [2020, { kind: 'tick' }]);
  expect(silent.effects).toEqual(['open', 'ping']);
  const dead = play(
    ...CONNECTED,
    [2020, { kind: 'tick' }],
    [4020, { kind: 'tick' }],
    [5020, { kind: 'tick' }],
  );
  expect(dead.effects).toEqual(['open', 'ping', 'ping', 'drop']);
  expect(connectionOf(dead.state)).toEqual({ phase: 'lost', retryAt: 5320, lastContactAt: 20 });
});

test('a timer that comes late proves nothing: the page was hidden, so it asks first', () => {
  const late = play(...CONNECTED, [60_000, { kind: 'tick' }]);
  expect(late.effects).toEqual(['open', 'ping']);
  expect(late.state.kind).toBe('open');
  expect(nextTick(late.state)).toBe(62_000);
});

test('any frame answers a ping', () => {
  const { state } = play(
    ...CONNECTED,
    [2020, { kind: 'tick' }],
    [2030, { kind: 'frame' }],
    [5020, { kind: 'tick' }],
  );
  expect(state.kind).toBe('open');
});

test('waits longer after each failure, up to 10 s, and never gives up', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 500].map((failures) => delay(failures, 1, LONGEST_DELAY))).toEqual([
    300, 600, 1200, 2400, 4800, 9600, 10_000, 10_000,
  ]);
  expect(delay(1, 0, LONGEST_DELAY)).toBe(150);
  expect([1, 2, 9].map((failures) => delay(failures, 1, 700))).toEqual([300, 600, 700]);
});

test('a good connection forgets the failures before it', () => {
  const { state } = play(
    [0, { kind: 'connect' }],
    [1, { kind: 'closed', code: 1006 }],
    [2, { kind: 'probed', session: 'unreachable' }],
    [400, { kind: 'tick' }],
    [401, { kind: 'opened' }],
    [402, { kind: 'greeted' }],
    [403, { kind: 'closed', code: 1001 }],
  );
  expect(state).toMatchObject({ kind: 'waiting', failures: 1 });
});

test('a socket that never opened leads to the question whether we are signed in', () => {
  const failed: [number, LinkEvent][] = [
    [0, { kind: 'connect' }],
    [1, { kind: 'closed', code: 1006 }],
  ];
  expect(play(...failed).effects).toEqual(['open', 'probe']);
  const out = play(...failed, [2, { kind: 'probed', session: 'signed-out' }]);
  expect(out.effects).toEqual(['open', 'probe', 'drop', 'report-signed-out']);
  expect(out.state.kind).toBe('signed-out');
  expect(play(...failed, [2, { kind: 'probed', session: 'signed-in' }]).state.kind).toBe('waiting');
});

test('a socket that neither opens nor fails is given up after 5 s', () => {
  expect(play([0, { kind: 'connect' }], [5000, { kind: 'tick' }]).effects).toEqual(['open', 'drop', 'probe']);
});

test('close code 4401 ends it', () => {
  const { state, effects } = play(...CONNECTED, [30, { kind: 'closed', code: 4401 }]);
  expect(state.kind).toBe('signed-out');
  expect(effects).toContain('report-signed-out');
  expect(nextTick(state)).toBeNull();
});

test('while it is tried again it stays lost, and a person can have the try begun anew', () => {
  const trying: [number, LinkEvent][] = [
    ...CONNECTED,
    [30, { kind: 'closed', code: 1006 }],
    [330, { kind: 'tick' }],
  ];
  const { state } = play(...trying);
  expect(connectionOf(state)).toEqual({ phase: 'lost', retryAt: null, lastContactAt: 20 });
  const again = play(...trying, [3000, { kind: 'retry' }]);
  expect(again.effects).toEqual(['open', 'open', 'drop', 'open']);
  expect(nextTick(again.state)).toBe(8000);
});

test('a wake-up tries at once when waiting, and asks with less patience when open', () => {
  const waiting: [number, LinkEvent][] = [...CONNECTED, [30, { kind: 'closed', code: 1006 }]];
  expect(play(...waiting, [40, { kind: 'wake' }]).state.kind).toBe('opening');
  const asked = play(...CONNECTED, [20_000, { kind: 'wake' }], [22_000, { kind: 'tick' }]);
  expect(asked.effects).toEqual(['open', 'ping', 'drop']);
  expect(asked.state.kind).toBe('waiting');
});

test('after a long sleep the server has closed, so another connection is made unseen', () => {
  const { state, effects } = play(...CONNECTED, [90_000, { kind: 'wake' }]);
  expect(effects).toEqual(['open', 'retire', 'open']);
  expect(connectionOf(state).phase).toBe('connected');
});

test('a refresh is not shown, unless it fails', () => {
  const refreshing = play(...CONNECTED, [30, { kind: 'refresh' }]);
  expect(refreshing.effects).toEqual(['open', 'retire', 'open']);
  expect(connectionOf(refreshing.state).phase).toBe('connected');
  const failed = play(...CONNECTED, [30, { kind: 'refresh' }], [31, { kind: 'closed', code: 1006 }]);
  expect(connectionOf(failed.state).phase).toBe('connecting');
});
