import type { Stories } from '../stories';

const WAVE = Array.from({ length: 60 }, (_, at) => 50 + 40 * Math.sin(at / 4));

export const stories: Stories = {
  'A sparkline': { type: 'line_chart', data: WAVE },
  'With a unit': { type: 'line_chart', data: WAVE, unit: 'MB/s', label: 'Network', color: 'success' },
  'Several lines over time': {
    type: 'line_chart',
    series: [
      { type: 'series', name: 'in', data: WAVE },
      {
        type: 'series',
        name: 'out',
        data: WAVE.map((value, at) => (at > 20 && at < 30 ? null : 100 - value)),
      },
    ],
    times: WAVE.map((_, at) => 1_769_860_800 + 60 * at),
    unit: 'MB/s',
    height: 120,
  },
  'One value': { type: 'line_chart', data: [42] },
  'No values': { type: 'line_chart', data: [] },
};
