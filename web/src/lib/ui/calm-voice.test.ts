import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CalmVoice } from './calm-voice.svelte';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function hear(voice: CalmVoice, ...lines: string[]): string {
  for (const line of lines) voice.hear(line, line.startsWith('!'));
  vi.advanceTimersByTime(0);
  return voice.said;
}

test('of many lines the last is said, and the next not before it can be read out', () => {
  const voice = new CalmVoice();
  expect(hear(voice, 'a', 'b', 'c')).toBe('c');
  expect(hear(voice, 'd')).toBe('c');
  vi.advanceTimersByTime(4_000);
  expect(hear(voice, 'e')).toBe('c');
  vi.advanceTimersByTime(1_000);
  expect(voice.said).toBe('e');
  vi.advanceTimersByTime(60_000);
  expect(voice.said).toBe('e');
  expect(hear(voice, 'f')).toBe('f');
});

test('what is grave is said at once, and no line that came with it takes its place', () => {
  const voice = new CalmVoice();
  expect(hear(voice, 'a')).toBe('a');
  expect(hear(voice, '! one', 'b')).toBe('! one');
  vi.advanceTimersByTime(1_000);
  expect(hear(voice, '! two', '! three', 'c')).toBe('! one');
  vi.advanceTimersByTime(4_000);
  expect(voice.said).toBe('! three');
});

test('when nobody listens any more, nothing is said', () => {
  const voice = new CalmVoice();
  voice.hear('a', true);
  voice.stop();
  vi.advanceTimersByTime(60_000);
  expect(voice.said).toBe('');
});
