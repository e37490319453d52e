/*
 * The colours of the page, before anything is painted: a file of its own, small enough to be waited for, because the page's policy
 * allows no script inside it. Whoever chooses says so by the event (src/lib/shell/theme.svelte.ts); other windows do by the storage.
 */
(() => {
  const KEY = 'contara.theme';
  const CHOSEN = 'contara:theme';

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  /** `light` or `dark`; anything else is as the system has it. The bars of the browser go with the page. */
  function paint(choice) {
    const theme = choice === 'light' || choice === 'dark' ? choice : null;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const meta of document.querySelectorAll('meta[data-scheme]')) {
      const { scheme } = meta.dataset;
      if (theme) meta.media = scheme === theme ? 'all' : 'not all';
      else meta.media = `(prefers-color-scheme: ${scheme})`;
    }
  }

  paint(stored());
  addEventListener(CHOSEN, ({ detail }) => paint(detail));
  addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) dispatchEvent(new CustomEvent(CHOSEN, { detail: newValue }));
  });
})();
