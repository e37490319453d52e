/** Addresses that modules write. What isn't plainly harmless is null. */

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

/** The host of an address on the web. */
export function hostOf(address: string): string | null {
  return hasScheme(address, ['http:', 'https:']) ? new URL(address).host : null;
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

/**
 * Where an image may come from: our own origin, or the text itself, which then must be an image. None from elsewhere: its
 * host would learn who looks, and when. The server's Content-Security-Policy says the same.
 */
export function safeSrc(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const address = value.trim();
  if (ownPath(address) || hostOf(address) === location.host) return address;
  return /^data:image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon)[;,]/i.test(address) ? address : null;
}
