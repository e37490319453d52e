import type { Stories } from '../stories';

const ROWS = Array.from({ length: 30 }, (_, nth) => ({
  name: `Game ${String(nth)}`,
  name_href: 'https://games.example/',
  state: nth % 2 ? 'installed' : 'updating',
  state_variant: nth % 2 ? 'success' : 'info',
  done: (nth * 25) % 125,
  size: `${String(nth * 7)} GB`,
  size_sort: nth * 7,
}));

export const stories: Stories = {
  Full: {
    type: 'table',
    sortable: true,
    page_size: 3,
    row_key: 'name',
    default_sort_key: 'size',
    columns: [
      { type: 'table_column', key: 'name', label: 'Name', render: 'link' },
      { type: 'table_column', key: 'state', label: 'State', render: 'badge' },
      { type: 'table_column', key: 'done', label: 'Done', render: 'progress', width: '8rem' },
      { type: 'table_column', key: 'size', label: 'Size', align: 'right' },
    ],
    data: ROWS,
    row_actions: [{ type: 'button', label: 'Drop', variant: 'secondary', on_click: { __action__: 'drop' } }],
  },
  'No rows': {
    type: 'table',
    columns: [{ key: 'name', label: 'Name' }],
    data: [],
    empty_message: 'No games yet',
  },
};
