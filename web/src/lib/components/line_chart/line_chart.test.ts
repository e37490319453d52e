import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { ENGLISH } from '../../i18n/texts';
import Harness from '../Harness.svelte';
import { described, draw, MOST_POINTS, nearest, readAt, readChart, readingTold, timeLabel } from './chart';

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

const TIMED = {
  type: 'line_chart',
  series: [
    { name: 'in', data: [1, null, 3] },
    { name: 'out', data: [4, 5, 6] },
  ],
  times: [100, 110, 200],
  unit: 'MB/s',
  min: 0,
  max: 10,
};

test('a place is read by its time, in every line', () => {
  const chart = readChart(TIMED, ENGLISH);
  expect([-1, 0, 0.04, 0.06, 0.5, 0.56, 1, 2].map((x) => nearest(chart, x))).toEqual([
    0, 0, 0, 1, 1, 2, 2, 2,
  ]);
  expect(readAt(chart, 1)).toMatchObject({
    x: 0.1,
    time: 110,
    values: [{ value: null }, { value: 5, y: 0.5 }],
  });
  expect(readingTold(chart, 1, ENGLISH)).toMatch(/^.*:[03]1:50.*: in: no data, out: 5 MB\/s$/);
  // By the same clock as the axis, whatever the language.
  expect(readingTold(chart, 1, ENGLISH)).not.toMatch(/[AP]M/);
});

test('without times lines of several lengths are read where they are drawn', () => {
  const chart = readChart({ series: [{ data: [0, 1, 2, 3, 4] }, { data: [10, 20] }] }, ENGLISH);
  expect(readAt(chart, 4).values.map(({ value }) => value)).toEqual([4, 20]);
  expect(readAt(chart, 99)).toEqual(readAt(chart, 4));
  expect(readingTold(chart, 0, ENGLISH)).toBe('Value 1 of 5: Series 1: 0, Series 2: 10');
  expect(readAt(readChart({ data: [7] }, ENGLISH), 0)).toMatchObject({ x: 1, values: [{ value: 7 }] });
});

test('values are read by keys, which stay where they are over frames', async () => {
  const screen = await render(Harness, { node: TIMED });
  await userEvent.tab();
  const reader = screen.getByRole('slider', { name: 'Read values' });
  await expect.element(reader).toHaveFocus();
  await expect.element(reader).toHaveAttribute('aria-valuetext', expect.stringContaining('in: 3 MB/s'));
  await userEvent.keyboard('{Home}{ArrowRight}');
  await expect.element(reader).toHaveAttribute('aria-valuenow', '2');
  await expect.element(screen.getByText('5 MB/s', { exact: true })).toBeVisible();
  await screen.rerender({ node: { ...TIMED, series: [{ name: 'in', data: [1, 8, 3] }] } });
  await expect.element(reader).toHaveAttribute('aria-valuetext', expect.stringContaining('in: 8 MB/s'));
  await userEvent.keyboard('{Escape}');
  expect(screen.container.querySelector('.words')).toBeNull();
});

test('values are read where the pointer is', async () => {
  const screen = await render(Harness, { node: { ...TIMED, times: null } });
  const reader = screen.getByRole('slider');
  const { width } = reader.element().getBoundingClientRect();
  await reader.hover({ position: { x: width / 2, y: 10 } });
  await expect.element(screen.getByText('5 MB/s', { exact: true })).toBeVisible();
  await userEvent.unhover(reader);
  await expect.poll(() => screen.container.querySelector('.words')).toBeNull();
});

test('nothing to read is no control', async () => {
  const screen = await render(Harness, { node: { type: 'line_chart', data: [] } });
  expect(screen.getByRole('slider').elements()).toHaveLength(0);
});
