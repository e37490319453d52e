import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { ENGLISH } from '../../i18n/texts';
import Harness from '../Harness.svelte';
import { described, draw, MOST_POINTS, readChart, timeLabel } from './chart';

const lineOf = (node: object) => {
  const chart = readChart({ ...node }, ENGLISH);
  const [series] = chart.series;
  if (!series) throw new Error('no series');
  return draw(series, chart).line;
};

test('values become a line from left to right, low to high', () => {
  expect(lineOf({ data: [0, 50, 100] })).toBe('M0 100L500 50L1000 0');
  expect(lineOf({ data: [-5, 500], min: 0, max: 100 })).toBe('M0 100L1000 0');
});

test('one value is a line, a gap is a gap, and what is no number is one', () => {
  expect(lineOf({ data: [50] })).toBe('M0 50H1000');
  expect(lineOf({ data: [0, null, 100, 'x', NaN] })).toBe('M0 100h0.1M500 0h0.1');
  expect(lineOf({ data: [] })).toBe('');
});

test('a range that cannot be drawn is taken from the data', () => {
  expect(lineOf({ data: [2, 4], min: 7, max: 7 })).not.toContain('NaN');
  expect(readChart({ data: [2, 4], min: null, max: null }, ENGLISH)).toMatchObject({ min: 2, max: 4 });
  expect(readChart({ data: [3, 3], min: null, max: null }, ENGLISH)).toMatchObject({ min: 2, max: 4 });
});

test('times place the values; times that do not fit are left out', () => {
  const series = [{ name: 's', data: [0, 0, 0] }];
  expect(lineOf({ series, times: [0, 1, 10] })).toBe('M0 100L100 100L1000 100');
  for (const times of [[0, 1], [2, 1, 0], [1, 1, 1], 'x', null]) {
    expect(lineOf({ series, times })).toBe('M0 100L500 100L1000 100');
  }
});

test('many values are few points, and no peak is lost', () => {
  const data = Array.from({ length: 100_000 }, () => 0);
  data[77_777] = 100;
  const line = lineOf({ data });
  expect(line.split('L').length).toBeLessThanOrEqual(MOST_POINTS);
  expect(line).toMatch(/L777\.\d 0L/);
});

test('the label is the one given, else the last value with its unit or as a percentage', () => {
  expect(readChart({ data: [1, 33.4] }, ENGLISH).label).toBe('33%');
  expect(readChart({ data: [1, 33.456], unit: 'MB/s' }, ENGLISH).label).toBe('33.5 MB/s');
  expect(readChart({ data: [1], label: 'Load' }, ENGLISH).label).toBe('Load');
});

test('lines with names have their values in the legend; a label that is only a figure would be of no line', () => {
  const series = [
    { name: 'in', data: [1, 2.5] },
    { name: 'out', data: [null] },
  ];
  const chart = readChart({ data: [1, 2.5], series, unit: 'MB/s', label: '2.5 MB/s' }, ENGLISH);
  expect(chart.label).toBeNull();
  expect(chart.legend.map(({ label, now }) => [label, now])).toEqual([
    ['in', '2.5 MB/s'],
    ['out', null],
  ]);
  expect(readChart({ series, unit: 'MB/s', label: 'Traffic, 2.5 MB/s' }, ENGLISH).label).toBe(
    'Traffic, 2.5 MB/s',
  );
});

test('who cannot see it is told the same', () => {
  const chart = readChart(
    {
      series: [
        { name: 'in', data: [1, 9, 4] },
        { name: 'out', data: [] },
      ],
      unit: 'MB',
    },
    ENGLISH,
  );
  expect(described(chart, ENGLISH)).toBe(
    'Line chart. in: now 4 MB, from 1 MB to 9 MB in 3 values. out: no data',
  );
});

test('times are as exact as their span', () => {
  expect(timeLabel(0, 60, 'en')).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(timeLabel(0, 3_600, 'en')).toMatch(/^\d\d:\d\d$/);
  expect(timeLabel(0, 900_000, 'en')).toMatch(/1970|Jan|Dec/);
});

test('several lines have a legend, colours of their own and one picture', async () => {
  const series = ['in', 'out'].map((name) => ({ type: 'series', name, data: [1, 2] }));
  const screen = await render(Harness, { node: { type: 'line_chart', series, color: 'url(x)' } });
  await expect.element(screen.getByRole('img', { name: /in: now 2/ })).toBeVisible();
  await expect.element(screen.getByText('out', { exact: true })).toBeVisible();
  const strokes = [...screen.container.querySelectorAll<SVGPathElement>('.line')].map(
    ({ style }) => style.stroke,
  );
  expect(new Set(strokes).size).toBe(2);
});

test('the scale stands beside the lines, the plot is as high as it was asked to be', async () => {
  const node = { type: 'line_chart', data: [1, 2], unit: 'MiB/s', max: 40, times: [0, 60], height: 90 };
  const { container } = await render(Harness, { node });
  const box = (selector: string) =>
    container.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
  expect(container.querySelector('.scale')?.textContent).toMatch(/40 MiB\/s\s*0 MiB\/s/);
  expect(box('.plot').height).toBe(90);
  expect(box('.scale').left).toBeGreaterThan(box('.plot').right);
});

test('nothing yet is said', async () => {
  const screen = await render(Harness, { node: { type: 'line_chart', data: [], height: 1e9 } });
  await expect.element(screen.getByText('No data', { exact: true })).toBeVisible();
  expect(screen.container.scrollHeight).toBeLessThan(700);
});
