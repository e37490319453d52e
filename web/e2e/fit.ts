/** Whether all of a page is there: within the window, not cut off by what it stands in, and not covered. */
import type { Page } from '@playwright/test';
import { expect } from './contara.ts';

/** Runs in the page: what is wrong, each with where it is. */
function misfits(): string[] {
  const root = document.documentElement;
  const found: string[] = [];
  const tell = (element: Element, what: string) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const inScroller = (element: Element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (scrolls(at)) return true;
    return false;
  };
  if (root.scrollWidth > root.clientWidth) tell(root, 'scrolls sideways');
  for (const element of document.body.querySelectorAll('*:not(svg *)')) {
    const { left, right, width, height } = element.getBoundingClientRect();
    // What is only for who listens, and what isn't drawn.
    if (width <= 1 || height <= 1 || !element.checkVisibility({ visibilityProperty: true })) continue;
    const { clipPath, overflowX, overflowY, position, textOverflow } = getComputedStyle(element);
    if (clipPath !== 'none') continue;
    if ((left < -1 || right > root.clientWidth + 1) && !inScroller(element)) tell(element, 'stands out');
    // What is typed scrolls in its field.
    if (element.tagName === 'INPUT') continue;
    if (
      /hidden|clip/.test(overflowX) &&
      element.scrollWidth > element.clientWidth + 1 &&
      textOverflow !== 'ellipsis'
    )
      tell(element, 'is cut off at the side');
    if (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1)
      tell(element, 'is cut off below');
    // But for what somebody has opened.
    if (/fixed|sticky/.test(position) && !element.matches('dialog, [popover]') && height > innerHeight / 2)
      tell(element, 'covers most of the window');
  }
  return found;
}

export async function expectFits(page: Page): Promise<void> {
  expect(await page.evaluate(misfits)).toEqual([]);
}
