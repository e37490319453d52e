/** Names that authors give, for people. */

/** `scan_library` → “Scan library”. */
export function readable(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
