import type { Stories } from '../stories';

const CELLS = ['One', 'Two', 'Three'].map((title) => ({ type: 'card', title, children: [] }));

export const stories: Stories = {
  'Three columns': { type: 'grid', columns: 3, gap: '2', children: CELLS },
  'Tracks of the author': { type: 'grid', columns: '1fr 2fr', row_height: '3rem', children: CELLS },
  'Tracks that have no room': { type: 'grid', columns: '2000px 2000px', children: CELLS },
  'Tracks that are none': { type: 'grid', columns: '100000px', row_height: '1e9px', children: CELLS },
};
