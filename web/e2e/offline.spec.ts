/** The page without a daemon: what a browser keeps of it opens, says what is wrong, and comes back by itself. */
import {
  enable,
  expect,
  expectAccessible,
  expectConnected,
  expectLost,
  goTo,
  module,
  test,
} from './contara.ts';

test.use({ serviceWorkers: 'allow' });

test('what is kept of the page opens without the daemon, and finds the next one by itself', async ({
  browsers,
  daemon,
}) => {
  browsers.expect('lost', 'unfetched');
  const page = await browsers.signedIn();
  await enable(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // Now all that it needs is kept.
  await page.reload();
  await expectConnected(page);

  await daemon.end('SIGKILL');
  await expectLost(page);
  await page.reload();
  // Nothing was ever got: it says where it looks, since when, and what may be wrong.
  const { host } = new URL(daemon.url);
  const explained = page.getByRole('region', { name: `Contara at ${host} can’t be reached` });
  await expect(explained).toContainText(/since \d\d:\d\d/);
  await expect(explained.getByRole('listitem')).toHaveCount(3);
  await expect(page.getByRole('button', { name: 'Retry now' })).toHaveCount(1);
  await expectAccessible(page);
  await page.goto(`${daemon.url}/modules`);
  await expect(page.getByText('Contara can’t be reached.').first()).toBeVisible();
  await goTo(page, 'Dashboard');
  await expect(explained).toBeVisible();

  await daemon.run();
  await explained.getByRole('button', { name: 'Retry now' }).click();
  await expectConnected(page);
  await expect(module(page)).toBeVisible();
  await expect(explained).toBeHidden();
});

test('a daemon that takes connections but never answers is out of reach too, and the page has its colours', async ({
  browsers,
  daemon,
}) => {
  browsers.expect('lost', 'unfetched');
  const page = await browsers.signedIn();
  await page.evaluate(() => localStorage.setItem('contara.theme', 'dark'));
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expectConnected(page);

  daemon.signal('SIGSTOP');
  await page.reload({ waitUntil: 'commit' });
  // Each of its questions is given up only after a while.
  await expect(page.getByRole('region', { name: /can’t be reached$/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  daemon.signal('SIGCONT');
  await expectConnected(page);
});

test('it can be installed', async ({ browsers, request, daemon }) => {
  const page = await browsers.signedIn();
  const link = page.locator('link[rel=manifest]');
  const manifest = await request.get(`${daemon.url}${(await link.getAttribute('href')) ?? ''}`);
  expect(manifest.headers()['content-type']).toBe('application/manifest+json');
  const { icons, display } = (await manifest.json()) as { icons: { src: string }[]; display: string };
  expect(display).toBe('standalone');
  for (const { src } of icons) {
    const icon = await request.get(`${daemon.url}${src}`);
    expect(icon.headers()['content-type']).toBe('image/png');
  }
  const devtools = await page.context().newCDPSession(page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
});
