/**
 * A line chart's props → lines in a box of 1000 × 100 units, and what is said about them. Pure: draws nothing, measures
 * nothing. A line of any length becomes at most `MOST_POINTS` points, lowest and highest of each stretch, so that no peak
 * is lost.
 */
import type { Say, Speech } from '../../i18n/texts';
import { colorOf } from '../color';
import { fields, label, labelOrNull, list, maps, numberOrNull, type UiNode } from '../props';

export const WIDTH = 1000;
export const HEIGHT = 100;
export const MOST_POINTS = 600;

export interface Series {
  /** Empty: there is no need to tell it from another. */
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
}

export interface Chart {
  readonly series: readonly Series[];
  /** Unix seconds, one for each value; null: evenly spread. */
  readonly times: readonly number[] | null;
  readonly min: number;
  readonly max: number;
  readonly unit: string | null;
  /** The value of now, in words. */
  readonly label: string | null;
  /** Each line that has a name, with its value of now. */
  readonly legend: readonly { readonly label: string; readonly color: string; readonly now: string | null }[];
}

const COLORS = 6;
const FULL = 100;

function values(data: unknown): (number | null)[] {
  return list(data).map(numberOrNull);
}

function readSeries(node: UiNode, say: Say): Series[] {
  const named = maps(node['series']).map((each, place) => ({
    name: label(each['name'], say('chart-series', { number: place + 1 })),
    values: values(each['data']),
    color: colorOf(each['color'], `var(--chart-${String((place % COLORS) + 1)})`),
  }));
  if (named.length > 0) return named;
  return [{ name: '', values: values(node['data']), color: colorOf(node['color'] ?? 'primary') }];
}

/** Only those that go forward and belong to values. */
function readTimes(value: unknown, length: number): readonly number[] | null {
  const times = list(value).map((each) =>
    each instanceof Date ? each.getTime() / 1000 : (numberOrNull(each) ?? NaN),
  );
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  const ordered = times.every((time, place) => place === 0 || time >= (times[place - 1] ?? NaN));
  return times.length === length && length > 1 && ordered && last > first ? times : null;
}

function longest(series: readonly Series[]): number {
  return Math.max(0, ...series.map((each) => each.values.length));
}

/** The range given, or what the data needs where none that can be drawn was given. */
function range(node: UiNode, series: readonly Series[]): { min: number; max: number } {
  const min = node['min'] === undefined ? 0 : numberOrNull(node['min']);
  const max = node['max'] === undefined ? FULL : numberOrNull(node['max']);
  if (min !== null && max !== null && max > min) return { min, max };
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of series)
    for (const value of values) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  low = min ?? (Number.isFinite(low) ? low : 0);
  high = max ?? (Number.isFinite(high) ? high : 1);
  return high > low ? { min: low, max: high } : { min: low - 1, max: low + 1 };
}

export function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** At most three significant decimals: a chart isn't a table. */
export function shortNumber(value: number, locale: string): string {
  const maximumFractionDigits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString(locale, { maximumFractionDigits, useGrouping: false });
}

export function withUnit(value: number, unit: string | null, locale: string): string {
  return unit === null ? shortNumber(value, locale) : `${shortNumber(value, locale)} ${unit}`;
}

/** A label that is only a figure is the first line's. Where the legend has every line's, it would be anybody's. */
function isFigure(label: string, unit: string | null): boolean {
  return unit !== null && label.endsWith(unit) && /^[-+.\de ]*$/.test(label.slice(0, -unit.length));
}

/** What authors count on: without label and unit it is a percentage. */
function labelOf(
  node: UiNode,
  series: readonly Series[],
  unit: string | null,
  locale: string,
): string | null {
  const given = labelOrNull(node['label']);
  const named = series.some(({ name }) => name !== '');
  if (named) return given === null || isFigure(given, unit) ? null : given;
  const last = lastOf(series[0]?.values ?? []);
  if (given !== null || last === null) return given;
  const percent = () => (Math.round(last) / FULL).toLocaleString(locale, { style: 'percent' });
  return unit === null ? percent() : withUnit(last, unit, locale);
}

function legendOf(
  { name, color, values }: Series,
  unit: string | null,
  locale: string,
): Chart['legend'][number] {
  const last = lastOf(values);
  return { label: name, color, now: last === null ? null : withUnit(last, unit, locale) };
}

export function readChart(node: UiNode, { say, locale }: Speech): Chart {
  const series = readSeries(fields(node), say);
  const unit = labelOrNull(node['unit']);
  return {
    series,
    times: readTimes(node['times'], longest(series)),
    ...range(node, series),
    unit,
    label: labelOf(node, series, unit, locale),
    legend: series.filter(({ name }) => name !== '').map((each) => legendOf(each, unit, locale)),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The places of the values to draw, in order. */
function chosen(values: readonly (number | null)[]): readonly number[] {
  if (values.length <= MOST_POINTS) return values.map((_, place) => place);
  const stretches = MOST_POINTS / 2;
  return Array.from({ length: stretches }, (_, nth) => {
    const from = Math.floor((nth * values.length) / stretches);
    const to = Math.floor(((nth + 1) * values.length) / stretches);
    return extremes(values, from, to);
  }).flat();
}

function extremes(values: readonly (number | null)[], from: number, to: number): number[] {
  let [low, high] = [from, from];
  for (let place = from; place < to; place++) {
    const value = values[place] ?? null;
    if (value === null) return [place];
    if (value < (values[low] ?? Infinity)) low = place;
    if (value > (values[high] ?? -Infinity)) high = place;
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Stretches without a gap; a missing value ends one. */
function stretches({ values }: Series, chart: Chart): Point[][] {
  const { times, min, max } = chart;
  const steps = Math.max(1, values.length - 1);
  const [start, end] = [times?.[0] ?? 0, times?.at(-1) ?? 1];
  const found: Point[][] = [[]];
  for (const place of chosen(values)) {
    const value = values[place] ?? null;
    if (value === null) {
      found.push([]);
      continue;
    }
    const along = times ? ((times[place] ?? end) - start) / (end - start) : place / steps;
    const height = Math.min(1, Math.max(0, (value - min) / (max - min)));
    found.at(-1)?.push({ x: rounded(along * WIDTH), y: rounded((1 - height) * HEIGHT) });
  }
  return found.filter((points) => points.length > 0);
}

function joined(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${String(x)} ${String(y)}`).join('L');
}

/** A single value is a line all along: it is no less true. */
function line(points: readonly Point[], only: boolean): string {
  const [point] = points;
  if (!point || points.length > 1) return `M${joined(points)}`;
  return only ? `M0 ${String(point.y)}H${String(WIDTH)}` : `M${joined(points)}h0.1`;
}

export interface Drawn {
  readonly line: string;
  /** From the line down to the lowest value. */
  readonly area: string;
}

export function draw(series: Series, chart: Chart): Drawn {
  const only = series.values.length === 1;
  const parts = stretches(series, chart);
  const area = parts.map((points) => {
    const bottom = String(HEIGHT);
    return `${line(points, only)}V${bottom}H${String(only ? 0 : (points[0]?.x ?? 0))}Z`;
  });
  return { line: parts.map((points) => line(points, only)).join(''), area: area.join('') };
}

/** How many values there are to read, one beside the other. */
export function places({ series }: Chart): number {
  return longest(series);
}

/** What every line has at one place. */
export interface Reading {
  /** From 0, the left edge, to 1. */
  readonly x: number;
  /** Unix seconds, if the chart has times. */
  readonly time: number | null;
  readonly values: readonly {
    readonly name: string;
    readonly color: string;
    readonly value: number | null;
    /** From 0, the upper edge, to 1. */
    readonly y: number;
  }[];
}

/** @param place - from 0 to `places() - 1`; one beyond is the last. */
export function readAt(chart: Chart, place: number): Reading {
  const { series, times, min, max } = chart;
  const last = Math.max(0, places(chart) - 1);
  const at = Math.min(Math.max(0, place), last);
  const time = times?.[at] ?? null;
  const [start, end] = [times?.[0] ?? 0, times?.at(-1) ?? 1];
  const x = time === null ? (last === 0 ? 1 : at / last) : (time - start) / (end - start);
  const values = series.map(({ name, color, values }) => {
    // Without times each line runs over all of the width, however few values it has.
    const own = time === null ? Math.round(x * (values.length - 1)) : at;
    const value = values[own] ?? null;
    const y = 1 - Math.min(1, Math.max(0, ((value ?? min) - min) / (max - min)));
    return { name, color, value, y };
  });
  return { x, time, values };
}

/** The place that is nearest to `x`, from 0, the left edge, to 1. */
export function nearest(chart: Chart, x: number): number {
  const { times } = chart;
  const last = Math.max(0, places(chart) - 1);
  if (!times) return Math.min(last, Math.max(0, Math.round(x * last)));
  const [start, end] = [times[0] ?? 0, times.at(-1) ?? 1];
  const wanted = start + x * (end - start);
  const after = times.findIndex((time) => time >= wanted);
  if (after <= 0) return after < 0 ? last : 0;
  return wanted - (times[after - 1] ?? 0) < (times[after] ?? 0) - wanted ? after - 1 : after;
}

function lowAndHigh(values: readonly (number | null)[]): { low: number; high: number } | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high < low ? null : { low, high };
}

/** The chart for who can't see it. */
export function described({ series, label, unit }: Chart, { say, locale }: Speech): string {
  const shown = (value: number) => withUnit(value, unit, locale);
  const told = series.map(({ name, values }) => {
    const found = lowAndHigh(values);
    const last = lastOf(values);
    const told =
      !found || last === null
        ? say('chart-no-data')
        : say('chart-told', {
            last: shown(last),
            low: shown(found.low),
            high: shown(found.high),
            count: values.length,
          });
    return name ? say('chart-named', { name, told }) : told;
  });
  return [say('chart'), label, ...told].filter((part) => part !== null).join('. ');
}

/** A reading in words: when, and what each line has there. */
export function readingTold(chart: Chart, place: number, { say, locale }: Speech): string {
  const { time, values } = readAt(chart, place);
  const number = Math.min(place, places(chart) - 1) + 1;
  const when =
    time === null ? say('chart-place', { number, count: places(chart) }) : exactTime(time, chart, locale);
  const told = values.map(({ name, value }) => {
    const shown = value === null ? say('chart-no-data') : withUnit(value, chart.unit, locale);
    return name ? say('chart-named', { name, told: shown }) : shown;
  });
  return say('chart-at', { when, told: told.join(', ') });
}

/** To the second by the axis’ clock, with the day where the chart has several. */
export function exactTime(seconds: number, { times }: Chart, locale: string): string {
  const day = (times?.at(-1) ?? 0) - (times?.[0] ?? 0) > DAY;
  const date = new Date(seconds * 1000);
  return day
    ? date.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })
    : date.toLocaleTimeString(locale, { timeStyle: 'medium', hourCycle: 'h23' });
}

const MINUTE = 60;
const DAY = 86_400;

/** A point of the axis as people read time: as exact as the span asks for. */
export function timeLabel(seconds: number, span: number, locale: string): string {
  const date = new Date(seconds * 1000);
  if (span > DAY)
    return date.toLocaleString(locale, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  const second = span < 10 * MINUTE ? ({ second: '2-digit' } as const) : {};
  return date.toLocaleTimeString(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...second,
  });
}
