import { expect, test } from 'vitest';
import { ENGLISH } from '../i18n/texts';
import { wireRun } from '../pages/setup/samples';
import { decodeTransaction } from '../transport/setup-decode';
import { RUN_STATES } from '../transport/setup-model';
import { blocks, firstWords } from './markdown';
import { gravityOf, sentenceOf, titleOf } from './words';

test('a description is paragraphs, lists and strong words, and never more', () => {
  expect(
    blocks('## A **strong**\nword\n\n- one\n  more\n* **two**\n\n<b>no</b> [link](javascript:x)'),
  ).toEqual([
    {
      kind: 'paragraph',
      pieces: [
        { text: 'A ', strong: false },
        { text: 'strong', strong: true },
        { text: ' word', strong: false },
      ],
    },
    {
      kind: 'list',
      items: [[{ text: 'one more', strong: false }], [{ text: 'two', strong: true }]],
    },
    { kind: 'paragraph', pieces: [{ text: '<b>no</b> link', strong: false }] },
  ]);
  expect(firstWords('One **two**.\n\nThree')).toBe('One two.');
  expect(blocks(' \n\n ')).toEqual([]);
  expect(firstWords('')).toBe('');
});

test('levels are degrees', () => {
  expect([0, 1, 2, 3, 7, 8, null].map((level) => gravityOf({ level }))).toEqual([
    null,
    'warning',
    'error',
    null,
    'info',
    'info',
    null,
  ]);
});

test('each state of a run is a sentence, and its title is what was chosen', () => {
  const sentences = RUN_STATES.map((state) => {
    const run = decodeTransaction(wireRun(state));
    return run ? sentenceOf(run, ENGLISH.say) : '';
  });
  expect(new Set(sentences).size).toBe(RUN_STATES.length);
  expect(sentences[0]).toBe('It waits for run 6 to end.');
  expect(sentences[1]).toBe('The script of Mail server is running.');
  const run = decodeTransaction(wireRun('done'));
  expect(run && titleOf(run, ENGLISH.say)).toBe('Mail server');
});
