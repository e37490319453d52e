/**
 * Words that would harm a page which believed them, from a real module through the real daemon. Every browser of these
 * tests fails at a script that is run, a request to another host, and a violation of the page's policy.
 */
import type { Page } from '@playwright/test';
import { enable, expect, expectAccessible, module, test } from './contara.ts';

const NAME = 'Hostile words';
const SCRIPT = '<script>alert(1)</script>';

test.use({ modules: ['hostile_words'] });

const LAYOUTS = [
  { width: 320, height: 800 },
  { width: 1280, height: 800 },
];

async function expectHarmless(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    scripts: document.body.querySelectorAll('script, iframe, object, embed, [onerror]').length,
    addresses: [...document.querySelectorAll<HTMLAnchorElement>('main a, dialog a')]
      .map(({ href }) => new URL(href).protocol)
      .filter((protocol) => !['http:', 'https:', 'mailto:'].includes(protocol)),
    images: [...document.querySelectorAll<HTMLImageElement>('main img')].map(({ src }) => src),
    // What left the flow of the page would stand above it.
    fixed: [...document.querySelectorAll('main *')].filter(
      (element) => getComputedStyle(element).position === 'fixed',
    ).length,
  }));
  expect(found).toEqual({ wider: false, scripts: 0, addresses: [], images: [], fixed: 0 });
}

for (const viewport of LAYOUTS) {
  test(`on a tile, ${String(viewport.width)} px: sizes that are none are refused`, async ({ browsers }) => {
    const page = await browsers.signedIn({ viewport });
    page.on('dialog', () => browsers.faults.push('a script was run'));
    await enable(page, NAME);
    const tile = module(page, NAME);
    await expect(tile.getByText(SCRIPT).first()).toBeVisible();
    await expectHarmless(page);
    const { height } = (await tile.boundingBox()) ?? { height: Infinity };
    expect(height).toBeLessThan(2_000);
    await expectAccessible(page);
  });

  test(`on a page, ${String(viewport.width)} px: all of it is text`, async ({ browsers }) => {
    const page = await browsers.signedIn({ viewport });
    page.on('dialog', () => browsers.faults.push('a script was run'));
    await enable(page, NAME);
    await module(page, NAME)
      .getByRole('link', { name: `Open ${NAME}` })
      .click();
    await expect(page.getByText(SCRIPT).first()).toBeVisible();
    await expect(page.getByRole('link', { name: 'Image 4: Picture on evil.test' })).toHaveAttribute(
      'href',
      'http://evil.test/x.png',
    );
    await expectHarmless(page);
    // Cut, but for the text itself: what is longest is still a place to work at.
    const longest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('main button')].map(({ textContent }) => textContent.trim().length),
      ),
    );
    expect(longest).toBeLessThanOrEqual(201);
    await page.getByRole('tab').last().click();
    await expect(page.getByText('In a tab').last()).toBeVisible();
  });
}

test('in a modal, a notification and the catalog: all of it is text', async ({ browsers }) => {
  const page = await browsers.signedIn();
  page.on('dialog', () => browsers.faults.push('a script was run'));
  await enable(page, NAME);
  await module(page, NAME).getByRole('button', { name: 'Say it' }).click();
  const notices = page.getByRole('region', { name: 'Notifications' });
  await expect(notices.getByText(SCRIPT).first()).toBeVisible();
  await expectHarmless(page);
  for (const dismiss of await notices.getByRole('button', { name: 'Dismiss notification' }).all()) {
    await expect(dismiss).toBeInViewport();
  }
  await module(page, NAME).getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('dialog').getByRole('heading', { name: SCRIPT }).first()).toBeVisible();
  await expectHarmless(page);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Modules' }).click();
  await expect(page.getByText(SCRIPT).first()).toBeVisible();
  await expectHarmless(page);
});

test('a name that turns round turns nothing but itself', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await enable(page, NAME);
  const tile = module(page, NAME);
  const turned = tile.getByRole('definition').first();
  await expect(turned).toHaveCSS('unicode-bidi', 'isolate');
  await tile.getByRole('link', { name: `Open ${NAME}` }).click();
  const bars = page.locator('main .bar[role="img"]');
  await expect(bars.nth(1)).toHaveAttribute('aria-label', /^\u2068\u202egnp\.exe \u2069: 1/);
});
