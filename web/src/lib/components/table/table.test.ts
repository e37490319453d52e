import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';
import { firstOrder, keyedRows, matching, readColumns, sorted } from './rows';

const column = (key: string, more: object = {}) => ({ key, label: key, ...more });

async function table(more: object, run = vi.fn()) {
  const node = { type: 'table', columns: [column('name'), column('size')], ...more };
  const screen = await render(Harness, { node, module: { run } });
  const names = () =>
    [...screen.container.querySelectorAll('tbody tr')].map((row) =>
      row.querySelector('td')?.textContent.trim(),
    );
  return { screen, run, names, node };
}

const DATA = [
  { name: 'b', size: '10 GB', size_sort: 10e9 },
  { name: 'a', size: '2 TB', size_sort: 2e12 },
  { name: 'c', size: '–' },
];

test('sorts by companions, not by how values read; what has no value stays last', async () => {
  const { screen, names } = await table({ data: DATA, sortable: true });
  expect(names()).toEqual(['b', 'a', 'c']);
  await screen.getByRole('button', { name: 'size' }).click();
  expect(names()).toEqual(['a', 'b', 'c']);
  await expect
    .element(screen.getByRole('columnheader', { name: 'size' }))
    .toHaveAttribute('aria-sort', 'descending');
  await screen.getByRole('button', { name: 'size' }).click();
  expect(names()).toEqual(['b', 'a', 'c']);
});

test('the order of the module holds until a person chooses, and theirs survives frames', async () => {
  const given = { data: DATA, sortable: true, default_sort_key: 'name', default_sort_desc: false };
  const { screen, names, node } = await table(given);
  expect(names()).toEqual(['a', 'b', 'c']);
  await screen.getByRole('button', { name: 'name' }).click();
  expect(names()).toEqual(['c', 'b', 'a']);
  await screen.rerender({ node: { ...node, data: [...DATA, { name: 'd' }] } });
  expect(names()).toEqual(['d', 'c', 'b', 'a']);
});

test('not sortable is not pressable', async () => {
  const { screen } = await table({ data: DATA });
  expect(screen.getByRole('button').elements()).toHaveLength(0);
});

test('sorting is stable in both directions, natural in text, and total over kinds', () => {
  const rows = [
    { k: 1, n: 'x' },
    { k: 0, n: 'y' },
    { k: 1, n: 'z' },
  ];
  const names = (descending: boolean) => sorted(rows, { key: 'k', descending }, 'en').map(({ n }) => n);
  expect(names(false)).toEqual(['y', 'x', 'z']);
  expect(names(true)).toEqual(['x', 'z', 'y']);
  const values = ['b10', 'b9', null, 2, true, NaN, 'a', new Date(5), 10n].map((k) => ({ k }));
  expect(sorted(values, { key: 'k', descending: false }, 'en').map(({ k }) => k)).toEqual([
    true,
    2,
    new Date(5),
    10n,
    'a',
    'b9',
    'b10',
    null,
    NaN,
  ]);
  const letters = ['ö', 'z', 'p'].map((k) => ({ k }));
  const byAlphabet = (locale: string) =>
    sorted(letters, { key: 'k', descending: false }, locale).map(({ k }) => k);
  expect([byAlphabet('de'), byAlphabet('sv')]).toEqual([
    ['ö', 'p', 'z'],
    ['p', 'z', 'ö'],
  ]);
  expect(firstOrder(rows, 'k').descending).toBe(true);
  expect(firstOrder(rows, 'n').descending).toBe(false);
});

test('pages, and a page that is gone', async () => {
  const data = Array.from({ length: 25 }, (_, nth) => ({ name: `r${String(nth)}` }));
  const { screen, names, node } = await table({ data, page_size: 10 });
  expect(names()).toHaveLength(10);
  await screen.getByRole('button', { name: 'Next page' }).click();
  await screen.getByRole('button', { name: 'Next page' }).click();
  await expect.element(screen.getByRole('status')).toHaveTextContent('21–25 of 25');
  expect(names()).toEqual(['r20', 'r21', 'r22', 'r23', 'r24']);
  await screen.rerender({ node: { ...node, data: data.slice(0, 12) } });
  expect(names()).toEqual(['r10', 'r11']);
});

test('100,000 rows are drawn in pages', async () => {
  const data = Array.from({ length: 100_000 }, (_, nth) => ({ name: nth }));
  const { names } = await table({ data });
  expect(names()).toHaveLength(200);
});

test('a row action gets the key of its row beside its own parameters', async () => {
  const { screen, run } = await table({
    data: [
      { name: 'one', id: 7 },
      { name: 'two', id: 8 },
    ],
    row_key: 'id',
    row_actions: [
      { label: 'Delete', on_click: { __action__: 'drop', __params__: { hard: true } }, confirm: 'Sure?' },
    ],
  });
  await screen.getByRole('button', { name: 'Delete two' }).click();
  expect(run.mock.calls[0]?.[0]).toEqual({ action: 'drop', params: { hard: true, id: 8 }, confirm: 'Sure?' });
});

test('rows keep their element by key, and keys that come twice are two rows', async () => {
  const { screen, node } = await table({ data: [{ name: 'a' }, { name: 'b' }], row_key: 'name' });
  const b = screen.getByText('b').element();
  await screen.rerender({ node: { ...node, data: [{ name: 'b' }, { name: 'a' }, { name: 'b' }] } });
  expect(screen.getByText('b').elements()[0]).toBe(b);
  expect(keyedRows([{ k: 1 }, { k: 1 }, {}], 'k').map(({ key }) => key)).toEqual(['k1', 'p1', 'p2']);
});

test('cells are drawn as their column says', async () => {
  const render = ['text', 'badge', 'progress', 'link', 'image'];
  const { screen } = await table({
    columns: render.map((kind) => column(kind, { render: kind })),
    data: [
      {
        text: true,
        badge: 'up',
        badge_variant: 'success',
        progress: 5,
        progress_max: 10,
        link: 'Home',
        link_href: 'https://example.org/',
        image: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=',
        image_alt: 'Cover',
      },
      { text: null, badge: null, progress: 'x', link: 'javascript:alert(1)', image: 'javascript:alert(1)' },
    ],
  });
  await expect.element(screen.getByText('up')).toHaveClass('success');
  await expect.element(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
  const link = screen.getByRole('link', { name: 'Home' });
  await expect.element(link).toHaveAttribute('rel', 'noopener noreferrer');
  await expect.element(screen.getByRole('img', { name: 'Cover' })).toBeInTheDocument();
  expect(screen.getByRole('link').elements()).toHaveLength(1);
  await expect.element(screen.getByText('javascript:alert(1)').first()).toBeVisible();
});

test('nothing to show says so', async () => {
  const { screen } = await table({ data: [], empty_message: 'No games' });
  await expect.element(screen.getByText('No games')).toBeVisible();
});

test('rows are found by all their words, by what is shown of them', () => {
  const columns = readColumns([{ key: 'name' }, { key: 'n' }, { key: 'cover', render: 'image' }]);
  const rows = [
    { name: 'Café Zürich', n: 12, cover: 'data:image/png,zzz', hidden: 'zzz' },
    { name: 'Bern', n: true },
    { name: null },
  ];
  const found = (wanted: string) => matching(rows, columns, wanted).map(({ name }) => name);
  expect(found('cafe')).toEqual(['Café Zürich']);
  expect(found(' 12 ZUR ')).toEqual(['Café Zürich']);
  expect(found('12 bern')).toEqual([]);
  expect(found('true')).toEqual(['Bern']);
  expect(found('zzz')).toEqual([]);
  expect(found('.*')).toEqual([]);
  expect(found('  ')).toHaveLength(3);
});

const MANY = Array.from({ length: 60 }, (_, nth) => ({ name: `row-${String(nth)}` }));

test('a filter is there for many rows, and what was typed survives frames', async () => {
  const { screen, names, node } = await table({ data: MANY, page_size: 10 });
  await screen.getByRole('button', { name: 'Next page' }).click();
  const box = screen.getByRole('searchbox', { name: 'Filter the rows' });
  await box.fill('row-5');
  expect(names()).toHaveLength(10);
  expect(names()[0]).toBe('row-5');
  await expect.element(screen.getByText('11 of 60 rows match')).toBeVisible();
  await screen.rerender({ node: { ...node, data: [...MANY.slice(0, 52), { name: 'row-5 new' }] } });
  await expect.element(box).toHaveValue('row-5');
  expect(names()).toEqual(['row-5', 'row-50', 'row-51', 'row-5 new']);
  await box.fill('nothing');
  await expect.element(screen.getByText('No row matches.')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(box).toHaveValue('');
  expect(names()).toHaveLength(10);
});

test('a table that is emptied and filled again keeps its filter and the focus in it, and only then', async () => {
  const { screen, names, node } = await table({ data: MANY, empty_message: 'Scanning' });
  const box = screen.getByRole('searchbox', { name: 'Filter the rows' });
  await box.click();
  await screen.rerender({ node: { ...node, data: [] } });
  expect(names()).toEqual(['Scanning']);
  await expect.element(box).toHaveFocus();
  await screen.rerender({ node: { ...node, data: MANY.slice(0, 3) } });
  await expect.element(box).toHaveFocus();
  await userEvent.keyboard('row-2');
  expect(names()).toEqual(['row-2']);
  await userEvent.keyboard('{Escape}{Tab}{Tab}');
  await expect.element(box).not.toBeInTheDocument();
  await screen.rerender({ node: { ...node, data: [] } });
  await expect.element(screen.getByRole('table')).not.toBeInTheDocument();
});

test('few rows have no filter', async () => {
  const { screen } = await table({ data: MANY.slice(0, 20) });
  expect(screen.getByRole('searchbox').elements()).toHaveLength(0);
});
