/** What a set-up has to live through: reloads, closed and second browsers, a killed daemon, a person who calls it off. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectLost, goTo, test } from './contara.ts';
import { isRunning, type Daemon } from './daemon.ts';
import { again, begin, password, state } from './setup.ts';

const word = (page: Page) => page.getByLabel(/^Word/);
const log = (page: Page) => page.getByRole('log');
const configure = (page: Page) => page.getByRole('button', { name: 'Configure' });

/** The script of `slow` ends once this is there. */
function letItEnd(daemon: Daemon): Promise<void> {
  return writeFile(join(daemon.dataDir, 'probe/slow.end'), '');
}

async function pidOf(daemon: Daemon, what: 'pid' | 'child'): Promise<number> {
  return Number(await readFile(join(daemon.dataDir, `probe/slow.${what}`), 'utf8'));
}

async function answer(page: Page): Promise<void> {
  await word(page).fill('hello');
  await password(page).fill('s3cret-one');
  await configure(page).click();
  await expect(log(page)).toContainText('the first is (hello)');
}

test.describe('a module whose script fails', () => {
  test.use({ modules: [], setup: ['fails_once'] });
  test.slow();

  test('what somebody else answered meanwhile is offered beside what was typed', async ({ browsers }) => {
    const page = await browsers.signedIn();
    await begin(page, 'Fails once');
    await expect(word(page)).toHaveValue('first');
    await word(page).fill('mine');
    const other = await browsers.signedIn();
    await other.goto(page.url());
    await word(other).fill('theirs');
    await password(other).fill('s3cret-one');
    await again(other).fill('s3cret-one');
    await configure(other).click();
    await expect(word(page)).toBeHidden();
    await other.getByRole('button', { name: 'Retry' }).click();

    await expect(page.getByText('Changed elsewhere to theirs')).toBeVisible();
    await expect(word(page)).toHaveValue('mine');
    await expect(word(other)).toHaveValue('theirs');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Take it' }).click();
    await expect(word(page)).toHaveValue('theirs');
    await expect(word(page)).toBeFocused();
    await expect(page.getByText('Changed elsewhere to theirs')).toBeHidden();
  });
});

test.describe('a script that takes its time', () => {
  test.use({ modules: [], setup: ['slow', 'talker'] });
  test.slow();

  test('every step lives through a reload and is seen in a second browser', async ({ browsers, daemon }) => {
    const page = await browsers.signedIn();
    await goTo(page, 'Set up');
    await page.getByRole('checkbox', { name: 'Slow' }).check();
    await page.getByRole('button', { name: 'Review 1 module' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(word(page)).toBeVisible();
    await page.reload();
    await expect(state(page)).toHaveText('Answer the questions to go on.');
    const other = await browsers.signedIn();
    await other.goto(page.url());
    await expect(word(other)).toBeVisible();

    await answer(page);
    // The form goes away where nobody has answered it.
    await expect(word(other)).toBeHidden();
    await expect(state(other)).toHaveText('The script of Slow is running.');
    await page.reload();
    await expect(log(page)).toContainText('the first is (hello)');
    await expectAccessible(page);
    await page.close();
    await letItEnd(daemon);
    await expect(state(other)).toHaveText('All is done.');
    await expect(log(other)).toContainText('Waited long enough.');
    await other.reload();
    await expect(state(other)).toHaveText('All is done.');
    await expect(log(other)).toContainText('Waited long enough.');
    await expect(other.getByRole('region', { name: 'Summary of Slow' })).toContainText('Waited long enough.');
  });

  test('kill -9 of the daemon: the page comes back by itself, says so, and retries', async ({
    browsers,
    daemon,
  }) => {
    browsers.expect('lost');
    const page = await browsers.signedIn();
    await begin(page, 'Slow');
    await answer(page);
    const script = await pidOf(daemon, 'pid');
    await daemon.end('SIGKILL');
    await expectLost(page);
    await daemon.run();
    await expect(state(page)).toHaveText(/^Contara ended meanwhile/, { timeout: 30_000 });
    await expect(log(page)).toContainText('the first is (hello)');
    await expectAccessible(page);
    expect(await isRunning(script)).toBe(false);

    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(word(page)).toHaveValue('hello');
    await expect(password(page)).toHaveValue('');
    await password(page).fill('s3cret-two');
    await configure(page).click();
    await expect(state(page)).toHaveText('The script of Slow is running.');
    await letItEnd(daemon);
    await expect(state(page)).toHaveText('All is done.');
  });

  test('a run that is cancelled ends its programs, and who waits for it goes on', async ({
    browsers,
    daemon,
  }) => {
    const [page, other] = [await browsers.signedIn(), await browsers.signedIn()];
    await begin(page, 'Slow');
    await answer(page);
    await begin(other, 'Talker');
    await expect(state(other)).toHaveText('It waits for run 1 to end.');
    const programs = [await pidOf(daemon, 'pid'), await pidOf(daemon, 'child')];

    await page.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }).click();
    await expect(state(page)).toHaveText(/^It was cancelled/);
    for (const program of programs) expect(await isRunning(program)).toBe(false);
    await expect(page.getByRole('button', { name: 'Retry' })).toBeVisible();
    await expect(state(other)).toHaveText('All is done.');
  });

  test('of two browsers that begin at once one wins, and the other is led to its run', async ({
    browsers,
  }) => {
    browsers.expect('busy');
    const pages = [await browsers.signedIn(), await browsers.signedIn()];
    for (const page of pages) {
      await page.goto(new URL('/setup/plan?modules=slow', page.url()).href);
      await expect(page.getByRole('button', { name: 'Start' })).toBeVisible();
    }
    await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Start' }).click()));
    const late = pages.map((page) => page.getByRole('link', { name: 'Go to run 1' }));
    await expect
      .poll(async () => (await Promise.all(late.map((link) => link.isVisible()))).filter(Boolean).length)
      .toBe(1);
    for (const [place, link] of late.entries()) {
      const page = pages[place];
      if (!page) continue;
      if (await link.isVisible()) {
        await link.click();
      }
      await expect(page).toHaveURL(/\/setup\/runs\/1$/);
      await expect(word(page)).toBeVisible();
    }
  });
});
