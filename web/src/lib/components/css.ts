/**
 * Sizes and colours that modules write → CSS, by the grammar of docs/reference/components.md and nothing beyond it. What
 * doesn't follow it is null. Every size has a bound, and tracks give way where there is no room: no module can stretch
 * the page that it stands on.
 */

/** Longer than any that was written by hand. */
const LONGEST = 200;
const MOST_TRACKS = 24;
/** Below that a row of as many tracks as fit would be thousands of them. */
const NARROWEST_REPEATED = '16px';

/** The most of each unit: no more than a large screen is wide. */
const MOST: ReadonlyMap<string, number> = new Map([
  ['px', 2000],
  ['rem', 125],
  ['em', 125],
  ['ch', 250],
  ['%', 100],
  ['fr', 100],
]);

function plain(value: unknown): string | null {
  return typeof value === 'string' && value.length <= LONGEST ? value.trim().toLowerCase() : null;
}

function amount(css: string, units: string): string | null {
  const [, count, unit = ''] = /^(\d{1,4}(?:\.\d{1,3})?)(px|rem|em|ch|%|fr)$/.exec(css) ?? [];
  return units.split(' ').includes(unit) && Number(count) <= (MOST.get(unit) ?? 0) ? css : null;
}

function length(css: string): string | null {
  return css === '0' ? '0px' : amount(css, 'px rem em ch %');
}

function byContent(css: string): string | null {
  return ['auto', 'min-content', 'max-content'].includes(css) ? css : null;
}

function fraction(css: string): string | null {
  return amount(css, 'fr');
}

/** `120px`, `7.5rem`, `20%`, or a number of pixels. */
export function safeLength(value: unknown): string | null {
  const css = plain(typeof value === 'number' ? `${String(value)}px` : value);
  return css === null ? null : length(css);
}

/** Parts between spaces or commas, brackets kept whole: `a b(c d)` → `a`, `b(c d)`. None if they don't pair. */
function parts(css: string, between: ' ' | ','): string[] {
  const found = [''];
  let depth = 0;
  for (const letter of css.replaceAll(/\s+/g, ' ').trim()) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === between && depth === 0) found.push('');
    else found.push((found.pop() ?? '') + letter);
  }
  return depth === 0 ? found.map((part) => part.trim()) : [];
}

/** What is given to a function: `minmax(a, b)` → `a`, `b`. None if it is another one. */
function given(css: string, name: string): string[] {
  return css.startsWith(`${name}(`) && css.endsWith(')') ? parts(css.slice(name.length + 1, -1), ',') : [];
}

interface Bounded {
  readonly low: string;
  readonly high: string;
}

/** `minmax(120px, 1fr)`. */
function bounded(css: string): Bounded | null {
  const [least = '', most = '', ...more] = given(css, 'minmax');
  const low = length(least) ?? byContent(least);
  const high = length(most) ?? byContent(most) ?? fraction(most);
  return low === null || high === null || more.length > 0 ? null : { low, high };
}

function fitted(css: string): string | null {
  const [most = '', ...more] = given(css, 'fit-content');
  const high = more.length > 0 ? null : length(most);
  return high === null ? null : `fit-content(${high})`;
}

/** One column that asks for no more than its share where there isn't room for all. */
function column(css: string, share: string): string | null {
  const high = length(css) ?? byContent(css);
  if (high !== null) return `minmax(0, ${high})`;
  const both = bounded(css);
  if (both) return `minmax(${byContent(both.low) ? 'auto' : `min(${both.low}, ${share})`}, ${both.high})`;
  return fraction(css) ?? fitted(css);
}

/** `repeat(auto-fill, minmax(120px, 1fr))`: as many as there is room for. */
function asManyAsFit(css: string): string | null {
  const [times = '', track = '', ...more] = given(css, 'repeat');
  if (!['auto-fill', 'auto-fit'].includes(times) || more.length > 0) return null;
  const { low, high } = bounded(track) ?? { low: track, high: null };
  const least = length(low);
  if (least === null) return null;
  const kept = `max(${NARROWEST_REPEATED}, min(${least}, 100%))`;
  return `repeat(${times}, ${high === null ? kept : `minmax(${kept}, ${high})`})`;
}

/** Every track by itself: `repeat(2, 1fr auto)` is four. */
function spread(css: string): string[] {
  return parts(css, ' ').flatMap((part) => {
    const [times = '', tracks = '', ...more] = given(part, 'repeat');
    if (!/^\d{1,2}$/.test(times) || more.length > 0) return [part];
    return Array.from({ length: Number(times) }, () => parts(tracks, ' ')).flat();
  });
}

function each(tracks: readonly string[], read: (track: string) => string | null): string | null {
  const found = tracks.map(read).filter((track) => track !== null);
  return tracks.length > 0 && tracks.length <= MOST_TRACKS && found.length === tracks.length
    ? found.join(' ')
    : null;
}

/** `1fr 2fr`, `repeat(3, minmax(120px, 1fr))`. The grid that they are for has its gap as `--gap`. */
export function columnTracks(value: unknown): string | null {
  const css = plain(value);
  if (css === null) return null;
  const tracks = spread(css);
  const count = String(tracks.length);
  const gaps = String(tracks.length - 1);
  // A tenth of a pixel less, so that rounding never widens the whole.
  const share = `(100% - ${gaps} * var(--gap)) / ${count} - 0.1px`;
  return asManyAsFit(css) ?? each(tracks, (track) => column(track, share));
}

/** `8rem`, `auto`, `minmax(4rem, auto)`: what the rows of a grid are as high as, in turn, or higher where more is in them. */
export function rowTracks(value: unknown): string | null {
  const css = plain(value);
  return css === null
    ? null
    : each(parts(css, ' '), (track) => {
        const both = bounded(track);
        if (both) return `minmax(${both.low}, ${both.high})`;
        const least = length(track);
        return least ? `minmax(${least}, auto)` : (byContent(track) ?? fraction(track) ?? fitted(track));
      });
}

/** `#4a9`, `tomato`, `rgb(10 20 30 / 50%)`. */
export function safeColor(value: unknown): string | null {
  const css = plain(value);
  const written =
    /^([a-z]{3,20}|#[\da-f]{3,8}|(rgb|hsl)a?\([\d\s.,%/-]+(deg)?[\d\s.,%/]*\)|(hwb|lab|lch|oklab|oklch)\([\d\s.%/-]+\))$/;
  if (css === null || !written.test(css)) return null;
  // In a mixture, unlike alone, words such as `inherit` are no colours.
  return CSS.supports('color', `color-mix(in srgb, ${css}, ${css})`) ? css : null;
}
