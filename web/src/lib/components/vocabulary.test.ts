/** The golden samples as the compiler sees them, and that they are all there. */
import { describe, expect, it } from 'vitest';
import golden from '../../../../tests/golden/components.json';
import type { Component, Sample, Vocabulary } from './vocabulary';
import { samples } from './vocabulary.samples';

/** One entry a type, or the compiler complains: what the interfaces need at least. */
const least: { [Type in keyof Vocabulary]: Vocabulary[Type] } = {
  alert: { type: 'alert', message: '' },
  badge: { type: 'badge', text: '' },
  button: { type: 'button', label: '' },
  card: { type: 'card' },
  checkbox: { type: 'checkbox', name: '' },
  grid: { type: 'grid' },
  image: { type: 'image', src: '' },
  input: { type: 'input', name: '' },
  line_chart: { type: 'line_chart', data: [] },
  modal: { type: 'modal', id: '', title: '' },
  progress: { type: 'progress', value: 0 },
  segment: { type: 'segment', value: 0, color: '' },
  segmented_progress: { type: 'segmented_progress', segments: [] },
  select: { type: 'select', name: '', options: [] },
  select_option: { type: 'select_option', value: '', label: '' },
  series: { type: 'series', name: '', data: [] },
  spinner: { type: 'spinner' },
  stack: { type: 'stack' },
  stat: { type: 'stat', label: '', value: '' },
  stat_card: { type: 'stat_card', label: '', value: 0 },
  stat_small: { type: 'stat_small', label: '', value: 0 },
  tab: { type: 'tab', id: '', label: '' },
  table: { type: 'table', columns: [], data: [] },
  table_column: { type: 'table_column', key: '', label: '' },
  tabs: { type: 'tabs', tabs: [] },
  text: { type: 'text', content: '' },
  tile: { type: 'tile', icon: '', title: '' },
  toggle: { type: 'toggle', name: '' },
};

/** What the compiler has to refuse: `npm run check` fails where a line below is no error any more. */
export const refused: readonly Component[] = [
  // @ts-expect-error a required prop is missing
  { type: 'text' },
  // @ts-expect-error no such prop
  { type: 'text', content: '', colour: 'red' },
  // @ts-expect-error no such choice
  { type: 'text', content: '', size: 'huge' },
  // @ts-expect-error null is left out
  { type: 'alert', message: '', title: null },
  // @ts-expect-error a part isn't drawn by itself
  { type: 'tab', id: '', label: '' },
  // @ts-expect-error no such type
  { type: 'meter' },
];

// @ts-expect-error a sample is under its own type
export const misplaced: Sample = { type: 'text', name: '', tree: { type: 'badge', text: '' } };

describe('the vocabulary', () => {
  it('has the golden samples', () => {
    expect(samples).toEqual(golden);
  });

  it.each(Object.keys(least))('%s: a minimal and a full sample', (type) => {
    const names = samples.filter((sample) => sample.type === type).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['minimal', 'full']));
  });
});
