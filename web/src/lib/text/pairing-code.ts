/** Pairing codes as people type and paste them. */

const LENGTH = 12;

/** Letters that can't be in a code but look like digits that can. */
const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** `XXXX-XXXX-XXXX`, or null for what can't be a code. Any dash or space, any case. */
export function tidyPairingCode(typed: string): string | null {
  const digits = typed
    .toUpperCase()
    .replaceAll(/[\s\p{Dash}\p{Cf}_.]/gu, '')
    .replaceAll(/[OIL]/g, (letter) => LOOKALIKES[letter] ?? letter);
  if (digits.length !== LENGTH || !/^[0-9A-F]+$/.test(digits)) return null;
  return digits.replaceAll(/.{4}(?=.)/g, '$&-');
}

/** The code of a `#pair=…` link, as it stands there; null if the fragment is none. */
export function pairingCodeOfFragment(fragment: string): string | null {
  const code = new URLSearchParams(fragment.replace(/^#/, '')).get('pair');
  return code === null || code === '' ? null : code;
}
