/** Keys that mean a way along the line, which runs to the left in some languages. */

const MIRRORED: ReadonlyMap<string, string> = new Map([
  ['ArrowLeft', 'ArrowRight'],
  ['ArrowRight', 'ArrowLeft'],
]);

/** The key that was pressed; of the arrows the one that would have been where lines run to the right. */
export function keyAlongTheLine({ key, currentTarget }: KeyboardEvent & { currentTarget: Element }): string {
  const mirrored = getComputedStyle(currentTarget).direction === 'rtl' ? MIRRORED.get(key) : undefined;
  return mirrored ?? key;
}
