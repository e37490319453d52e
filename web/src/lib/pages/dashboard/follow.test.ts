import { afterEach, beforeEach, expect, test } from 'vitest';
import { follow } from './follow';

let stage: HTMLElement;
/** What became of the drag. */
let done: string[];
let giveUp: () => void;

const pointer = (type: string, clientX: number, pointerId = 1) =>
  new PointerEvent(type, { pointerId, clientX, clientY: 0 });

beforeEach(() => {
  stage = document.createElement('div');
  // Of a pointer that there is only in this test.
  stage.setPointerCapture = () => undefined;
  done = [];
  giveUp = follow(pointer('pointerdown', 0), stage, {
    to: ({ clientX }) => done.push(`to ${String(clientX)}`),
    drop: () => done.push('drop'),
    cancel: () => done.push('cancel'),
  });
});
afterEach(() => giveUp());

test('a drag begins beyond a click, follows its own pointer alone, and ends once', () => {
  dispatchEvent(pointer('pointermove', 3));
  dispatchEvent(pointer('pointermove', 50, 2));
  expect(done).toEqual([]);
  dispatchEvent(pointer('pointermove', 10));
  dispatchEvent(pointer('pointerup', 10));
  dispatchEvent(pointer('pointermove', 20));
  expect(done).toEqual(['to 10', 'drop']);
});

test('a drag that is over isn’t given up later', () => {
  dispatchEvent(pointer('pointermove', 10));
  dispatchEvent(pointer('pointerup', 10));
  giveUp();
  expect(done).toEqual(['to 10', 'drop']);
});

test.each([
  ['given up', () => giveUp()],
  ['escaped from', () => dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))],
  ['taken away by the system', () => dispatchEvent(pointer('pointercancel', 10))],
])('a drag is cancelled once when it is %s', (_, end) => {
  dispatchEvent(pointer('pointermove', 10));
  end();
  giveUp();
  expect(done).toEqual(['to 10', 'cancel']);
});

test('a press that never became a drag has nothing to cancel', () => {
  giveUp();
  dispatchEvent(pointer('pointermove', 10));
  expect(done).toEqual([]);
});
