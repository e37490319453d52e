/** The pictures in docs/images, taken of the real thing. */
import { execFile } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { count, enable, expect, goTo, increment, module, test } from './contara.ts';
import { BUILTIN, PYTHON } from './daemon.ts';
import { begin, state } from './setup.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const VIEWPORT = { width: 640, height: 400 };
const GAP = 16;

/** Larger ones have no place in a repository. */
const LARGEST = 300_000;
const WIDE = { colorScheme: 'light', viewport: { width: 1280, height: 900 } } as const;

function shot(what: Page | Locator): Promise<Buffer> {
  return what.screenshot({ animations: 'disabled', caret: 'hide' });
}

async function picture(what: Page | Locator): Promise<string> {
  return `data:image/png;base64,${(await shot(what)).toString('base64')}`;
}

async function save(name: string, png: Buffer): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const path = join(IMAGES, `${name}.png`);
  await writeFile(path, png);
  expect((await stat(path)).size, path).toBeLessThan(LARGEST);
}

test('dashboard-two-browsers', async ({ browser, browsers }) => {
  const light = await browsers.signedIn({ colorScheme: 'light', viewport: VIEWPORT });
  const dark = await browsers.signedIn({ colorScheme: 'dark', viewport: VIEWPORT });
  await enable(light);
  for (const page of [light, dark, light]) await increment(page);
  for (const page of [light, dark]) {
    await expect(count(page)).toHaveText('3');
    await page.mouse.move(0, VIEWPORT.height - 1);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  }

  const sheet = await browser.newPage({
    viewport: { width: 2 * VIEWPORT.width + 3 * GAP, height: VIEWPORT.height + 2 * GAP },
  });
  const images = [await picture(light), await picture(dark)].map((source) => `<img src="${source}">`);
  await sheet.setContent(`<style>
    body { display: flex; gap: ${String(GAP)}px; margin: ${String(GAP)}px; background: transparent; }
    img { border-radius: 8px; box-shadow: 0 0 0 1px #8886; }
  </style>${images.join('')}`);
  await save('dashboard-two-browsers', await sheet.screenshot({ omitBackground: true }));
  await sheet.close();
});

test.describe('of the modules that ship', () => {
  test.use({ modules: [], builtin: true });

  /** Points of the first line that is drawn. */
  async function points(page: Page): Promise<number> {
    const line = await page.locator('path.line').first().getAttribute('d');
    return line?.split('L').length ?? 0;
  }

  test('system', async ({ browsers }) => {
    test.setTimeout(600_000);
    const page = await browsers.signedIn(WIDE);
    const tile = module(page, 'System');
    await expect(tile).toBeVisible();
    await page.getByRole('link', { name: 'Open System' }).click();
    // A point for each 15 s: a chart of three would say nothing.
    await expect.poll(() => points(page), { timeout: 400_000, intervals: [5_000] }).toBeGreaterThan(16);
    await page.mouse.move(0, 0);
    await save('sys-monitor-page', await shot(page));
    await goTo(page, 'Dashboard');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await save('sys-monitor-tile', await shot(tile));
    await goTo(page, 'Modules');
    await page.getByRole('link', { name: 'Settings of System' }).click();
    await expect(page.getByLabel('Interval')).toBeVisible();
    await save('settings', await shot(page));
  });

  /** Two libraries that take no room. */
  async function makeLibraries(home: string, drive: string): Promise<void> {
    const code = `
import sys
from pathlib import Path
from steam_tree import SteamTree
GIB = 1 << 30
home, drive = SteamTree(Path(sys.argv[1], ".local/share/Steam")), SteamTree(Path(sys.argv[2]))
games = [(1091500, "Cyberpunk 2077", 31), (570, "Dota 2", 18), (620, "Portal 2", 12), (413150, "Stardew Valley", 1)]
for number, (app_id, name, size) in enumerate(games):
    flags = 1026 if name == "Dota 2" else 4
    home.game(app_id, name, size * GIB, flags=flags, updated=1_790_000_000 - number * 9_000_000)
home.file("shadercache/570/cache", 3 * GIB)
home.file("workshop/content/620/1/map", 2 * GIB)
home.file("compatdata/1091500/pfx/drive", 4 * GIB)
for app_id, name, size in [(730, "Counter-Strike 2", 35), (105600, "Terraria", 2)]:
    drive.game(app_id, name, size * GIB)
home.libraries(drive.root)
`;
    await promisify(execFile)(PYTHON, ['-c', code, home, drive], { cwd: join(BUILTIN, 'steam/tests') });
  }

  /** The libraries lie in a temporary folder; the picture shows where they would be. */
  function showUsualPlaces(page: Page, places: readonly (readonly [string, string])[]): Promise<void> {
    return page.evaluate((places) => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode as Text;
        for (const [folder, usual] of places) node.data = node.data.replace(folder, usual);
      }
    }, places);
  }

  test('steam', async ({ browser, browsers, daemon }) => {
    const [home, drive] = [join(daemon.dataDir, 'home'), join(daemon.dataDir, 'games')];
    const places = [[home, '/home/ada'] as const, [drive, '/mnt/games'] as const];
    await makeLibraries(home, drive);
    const page = await browsers.signedIn(WIDE);
    await page.goto(`${daemon.url}/m/steam/settings`);
    await page.getByLabel('Home folders').fill(home);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await enable(page, 'Steam');
    const tile = module(page, 'Steam');
    await expect(tile).toContainText('108 GiB');
    await expect(tile.getByText('Measuring')).toHaveCount(0);
    await showUsualPlaces(page, places);
    const images = [await picture(tile)];
    await tile.getByRole('button', { name: '4 games' }).click();
    const dialog = page.getByRole('dialog').filter({ hasText: 'Native library' });
    await expect(dialog.getByRole('row')).toHaveCount(5);
    await showUsualPlaces(page, places);
    images.push(await picture(dialog));

    const sheet = await browser.newPage({ viewport: { width: WIDE.viewport.width, height: 100 } });
    await sheet.setContent(`<style>
      body { display: flex; flex-direction: column; align-items: center; gap: ${String(GAP)}px; margin: ${String(GAP)}px; }
      img { border-radius: 12px; }
    </style>${images.map((source) => `<img src="${source}">`).join('')}`);
    await save('steam', await sheet.screenshot({ omitBackground: true, fullPage: true }));
    await sheet.close();
  });
});

test.describe('of setting up', () => {
  test.use({ modules: [], setup: ['admin_panel', 'greeting', 'lan', 'mailer', 'rebooting', 'resolver'] });

  test('setup', async ({ browsers }) => {
    const page = await browsers.signedIn(WIDE);
    await goTo(page, 'Set up');
    await page.getByRole('checkbox', { name: 'Mailer' }).check();
    await page.mouse.move(0, 0);
    await save('setup-choose', await shot(page));
    await page.getByRole('checkbox', { name: 'Mailer' }).uncheck();

    await begin(page, 'Mailer');
    await page.getByLabel('Zone').fill('example.org');
    await page.getByLabel('My networks 1, address').fill('192.0.2.0');
    await page.getByLabel('My networks 1, mask').fill('255.255.255.0');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await save('setup-form', await shot(page));
    await page.getByRole('button', { name: 'Configure' }).click();
    await expect(state(page)).toHaveText('All is done.');

    const phone = await browsers.signedIn({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await phone.goto(page.url());
    await expect(phone.getByText('Names of example.org are resolved.').first()).toBeVisible();
    await save('setup-done', await shot(phone));
  });
});
