/**
 * Light or dark: what was chosen in this browser, before what the system prefers. `public/theme.js` paints it, before this code is
 * even there; here is only what is chosen, and how another choice is made.
 */

const KEY = 'contara.theme';
const CHOSEN = 'contara:theme';

export const THEMES = ['light', 'dark'] as const;
export type ThemeName = (typeof THEMES)[number];

function themeOf(value: unknown): ThemeName | null {
  return THEMES.find((theme) => theme === value) ?? null;
}

class Theme {
  /** Null: as the system has it. */
  chosen = $state(themeOf(document.documentElement.dataset['theme']));

  constructor() {
    addEventListener(CHOSEN, (event) => {
      this.chosen = themeOf((event as CustomEvent<unknown>).detail);
    });
  }

  /** Where nothing may be stored it counts until the page is left. */
  choose(theme: ThemeName | null): void {
    try {
      if (theme === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // See above.
    }
    dispatchEvent(new CustomEvent(CHOSEN, { detail: theme }));
  }
}

export const theme = new Theme();
