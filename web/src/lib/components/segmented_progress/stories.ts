import type { Stories } from '../stories';

const SEGMENTS = [
  { type: 'segment', value: 40, color: 'primary', label: 'Games' },
  { type: 'segment', value: 20, color: 'warning', label: 'Shader cache' },
  { type: 'segment', value: 10, color: '#8855cc', label: 'Workshop' },
];

export const stories: Stories = {
  'With a legend': { type: 'segmented_progress', size: 'lg', show_legend: true, segments: SEGMENTS },
  'More than a whole': { type: 'segmented_progress', max: 10, segments: SEGMENTS },
  'A colour that is none': {
    type: 'segmented_progress',
    segments: [{ type: 'segment', value: 40, color: 'url(https://x.example)', label: 'Games' }],
  },
  'No segments': { type: 'segmented_progress', segments: [] },
};
