import type { Stories } from '../stories';

const PICTURE =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 4 3'%3E%3Crect width='4' height='3' fill='teal'/%3E%3C/svg%3E";

export const stories: Stories = {
  'A picture': { type: 'image', src: PICTURE, alt: 'A teal box', width: 96, height: 72, border_radius: 'lg' },
  'On another host': { type: 'image', src: 'https://pictures.example/440.jpg', alt: 'Cover' },
  'On another host, small': { type: 'image', src: 'https://pictures.example/440.jpg', width: 40, height: 40 },
  'Not to be had': { type: 'image', src: 'data:image/png;base64,AA==', alt: 'A broken picture' },
};
