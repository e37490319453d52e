/**
 * Text of modules that goes where a browser does something with it: addresses and CSS values. What isn't plainly harmless
 * is null. A value may never reach beyond the property or attribute it is meant for.
 */

/** Longer than any that was written by hand. */
const LONGEST_CSS = 200;
const LONGEST_TRACKS = 64;

/** A path of our own origin: one slash, so that no other host is meant. */
function ownPath(address: string): boolean {
  if (!/^\/(?![/\\])/.test(address)) return false;
  try {
    return new URL(address, 'http://own.invalid').origin === 'http://own.invalid';
  } catch {
    return false;
  }
}

function hasScheme(address: string, schemes: readonly string[]): boolean {
  try {
    return schemes.includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

/** Where a link may lead: the web, a letter, or a page of our own. */
export function safeHref(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const address = value.trim();
  return ownPath(address) || hasScheme(address, ['http:', 'https:', 'mailto:']) ? address : null;
}

export function isOwnPage(href: string): boolean {
  return href.startsWith('/');
}

/** Where an image may come from; one in the text itself must be an image. */
export function safeSrc(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const address = value.trim();
  if (ownPath(address) || hasScheme(address, ['http:', 'https:'])) return address;
  return /^data:image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon)[;,]/i.test(address) ? address : null;
}

/** No functions but these: none of them fetches, refers elsewhere or runs anything. */
function onlyCalls(value: string, names: string): boolean {
  return [...value.matchAll(/([\w-]*)\(/g)].every(([, name = '']) =>
    names.split(' ').includes(name.toLowerCase()),
  );
}

function plain(value: unknown, letters: RegExp): string | null {
  if (typeof value !== 'string' || value.length > LONGEST_CSS) return null;
  const css = value.trim();
  return letters.test(css) ? css : null;
}

/** `1fr 2fr`, `repeat(auto-fill, minmax(120px, 1fr))`: a list of grid tracks. */
export function safeTracks(value: unknown): string | null {
  const css = plain(value, /^[\w\s.,%()+*/-]+$/);
  if (css === null || !onlyCalls(css, 'repeat minmax fit-content calc min max clamp')) return null;
  const repeats = [...css.matchAll(/repeat\(\s*(\d+)/gi)];
  if (repeats.some(([, times]) => Number(times) > LONGEST_TRACKS)) return null;
  return CSS.supports('grid-template-columns', css) ? css : null;
}

/** `120px`, `20%`, `calc(50% - 8px)`. */
export function safeLength(value: unknown): string | null {
  const css = plain(typeof value === 'number' ? `${String(value)}px` : value, /^[\w\s.,%()+*/-]+$/);
  return css !== null && onlyCalls(css, 'calc min max clamp') && CSS.supports('width', css) ? css : null;
}

/** `#4a9`, `tomato`, `rgb(10 20 30 / 50%)`. */
export function safeColor(value: unknown): string | null {
  const css = plain(value, /^#?[\w\s.,%()/-]+$/);
  if (css === null || !onlyCalls(css, 'rgb rgba hsl hsla hwb lab lch oklab oklch')) return null;
  return CSS.supports('color', css) ? css : null;
}
