import type { Stories } from '../stories';

const WORDS = ['One', 'Two', 'Three'].map((content) => ({ type: 'text', content }));

export const stories: Stories = {
  'In a column': { type: 'stack', gap: '1', children: WORDS },
  'In a row': {
    type: 'stack',
    direction: 'horizontal',
    justify: 'between',
    align: 'center',
    children: WORDS,
  },
  'To press': { type: 'stack', direction: 'horizontal', on_click: { __action__: 'open' }, children: WORDS },
  'With a chart, to press': {
    type: 'stack',
    on_click: { __action__: 'open' },
    children: [{ type: 'line_chart', data: [1, 5, 3] }],
  },
};
