/**
 * What every test starts from: a daemon of its own, browsers that are watched, and the words for what people do. A
 * browser's page must stay without errors in its console, without violations of its CSP, and on its own origin.
 */
import { AxeBuilder } from '@axe-core/playwright';
import {
  test as base,
  expect,
  type BrowserContextOptions,
  type ConsoleMessage,
  type Locator,
  type Page,
} from '@playwright/test';
import { BUILTIN, Daemon } from './daemon.ts';

/** Chromium reports every request that fails in the console, whatever the page makes of it. */
const EXPECTED = {
  /** The page asks whether it is signed in, and for a service worker, which but one test lets nobody have. */
  always: [/\/api\/auth\/session .*status of 401/, /Service Worker registration blocked by Playwright/],
  wrongCode: [/\/api\/auth\/session .*status of (401|429)/],
  /** No daemon, or one that ends under a connection. */
  lost: [
    /net::ERR_(CONNECTION_(REFUSED|RESET|ABORTED)|EMPTY_RESPONSE|TIMED_OUT)/,
    /WebSocket connection to '.*' failed/,
  ],
  /** The code of a page doesn't come. */
  unfetched: [/\/assets\/.*net::ERR_FAILED/, /The code of a page could not be fetched/],
  /** Enabling waits for the module to start, and tells when it didn't. */
  failingModule: [/\/enable .*status of 500/],
  /** A module of this machine, or of what it has, can't be used. */
  blockedModule: [/\/enable .*status of 409/],
  /** Fields that were refused come with a 422. */
  refusedFields: [/\/(settings|answers)\b.*status of 422/],
  /** One of the modules is being set up already. */
  busy: [/\/setup\/transactions .*status of 409/],
  /** Files that an undo would overwrite. */
  changedSince: [/\/undo .*status of 409/],
  /** One of the stories of all components throws, on purpose. */
  brokenStory: [/A component could not be drawn/, /net::ERR_INVALID_URL/],
  /** Another page of this client has arranged the dashboard meanwhile. */
  layoutChanged: [/\/api\/dashboard .*status of 409/],
  /** Another browser has changed the settings meanwhile, and this one couldn’t hear of it. */
  settingsChanged: [/\/settings\?version=\d+ .*status of 409/, /\/settings .*net::ERR_FAILED/],
  layoutUnsaved: [/\/api\/dashboard .*net::ERR_FAILED/],
  /** A name that a device can't have. */
  refusedName: [/\/clients\/\d+ .*status of 422/],
  /** A device that is signed out already. */
  gone: [/\/clients\/\d+ .*status of 404/],
  /** What happened can't be read. */
  failingActivity: [/\/activity .*status of 500/],
  /** The log of a module that isn't there. */
  noLog: [/\/logs .*status of 404/],
  signedOut: [/status of 401/, /WebSocket connection to '.*' failed/],
};

type Expectation = Exclude<keyof typeof EXPECTED, 'always'>;

/** Opens browsers, each with its own cookies, and keeps a list of what is wrong in them. */
export class Browsers {
  readonly faults: string[] = [];
  readonly #allowed: RegExp[] = [...EXPECTED.always];

  constructor(
    private readonly newPage: (options: BrowserContextOptions) => Promise<Page>,
    private readonly daemon: Daemon,
  ) {}

  /** From now on these failures are part of the test. */
  expect(...what: Expectation[]): void {
    for (const name of what) this.#allowed.push(...EXPECTED[name]);
  }

  /** A browser that has seen nothing yet. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.newPage(options);
    page.on('console', (message) => this.#hear(message));
    page.on('pageerror', (error) => this.faults.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== this.daemon.url && protocol !== 'data:') this.faults.push(`asked for ${request.url()}`);
    });
    // Not every violation is written to the console.
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) =>
        console.error(`CSP: ${event.effectiveDirective} forbids ${event.blockedURI}`),
      );
    });
    return page;
  }

  /** A browser that is signed in and shows the dashboard. */
  async signedIn(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(options);
    await page.goto((await this.daemon.pair()).pairing_url);
    await expectConnected(page);
    return page;
  }

  /** Two browsers, signed in, that will know if they are ever reloaded. */
  async two(): Promise<[Page, Page]> {
    const pages: [Page, Page] = [await this.signedIn(), await this.signedIn()];
    for (const page of pages) await forbidReload(page);
    return pages;
  }

  #hear(message: ConsoleMessage): void {
    const type = message.type();
    if (type !== 'error' && type !== 'warning') return;
    const line = `${message.location().url} ${message.text()}`;
    if (!this.#allowed.some((pattern) => pattern.test(line))) this.faults.push(`${type}: ${line}`);
  }
}

interface Fixtures {
  /** The module folders that are there when the daemon starts. */
  modules: string[];
  /** The setup modules that are there. They are run as root, so the tests have to be as well. */
  setup: string[];
  /** Whether the modules that ship are there too. */
  builtin: boolean;
  daemon: Daemon;
  browsers: Browsers;
}

export const test = base.extend<Fixtures>({
  modules: [['my_module'], { option: true }],

  setup: [[], { option: true }],

  builtin: [false, { option: true }],

  daemon: async ({ modules, setup, builtin }, use, testInfo) => {
    const daemon = await Daemon.start(modules, builtin ? ['--builtin-modules', BUILTIN] : [], setup);
    try {
      await use(daemon);
    } finally {
      await daemon.dispose();
    }
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('daemon.log', { body: daemon.log, contentType: 'text/plain' });
    }
  },

  browsers: async ({ browser, daemon }, use) => {
    const open: Page[] = [];
    const browsers = new Browsers(async (options) => {
      const page = await (await browser.newContext(options)).newPage();
      open.push(page);
      return page;
    }, daemon);
    await use(browsers);
    for (const page of open) await page.context().close();
    expect(browsers.faults).toEqual([]);
  },
});

export { expect };

// What is on the pages.

export function connection(page: Page): Locator {
  return page.getByRole('banner').getByRole('status');
}

/** A module's tile, or its entry on the Modules page: each is the one article of its name. */
export function module(page: Page, name = 'My Module'): Locator {
  return page.getByRole('article', { name, exact: true });
}

export function count(page: Page): Locator {
  return module(page).getByRole('definition');
}

export function increment(page: Page): Promise<void> {
  return module(page).getByRole('button', { name: 'Increment' }).click();
}

export function problems(page: Page, name = 'My Module'): Locator {
  return module(page, name).getByRole('list', { name: 'Problems' });
}

export function power(page: Page, what: 'Enable' | 'Disable', name = 'My Module'): Locator {
  return page.getByRole('button', { name: `${what} ${name}`, exact: true });
}

/** In whatever language the browser reads. */
export async function expectConnected(page: Page): Promise<void> {
  await expect(connection(page)).toHaveText(/^(Connected|Verbunden|Connecté)$/, { timeout: 30_000 });
}

/** “Within seconds”: the page pings after 2 s of silence and waits 3 s for the answer. */
const LOSS_NOTICED_WITHIN = 8_000;

/** Between its tries to reconnect, and during them, the page says that what it shows is old. */
export async function expectLost(page: Page): Promise<void> {
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Showing data from', {
    timeout: LOSS_NOTICED_WITHIN,
  });
  await expect(connection(page)).not.toHaveText('Connected');
}

// What people do.

type PageName = 'Dashboard' | 'Modules' | 'Set up' | 'System' | 'Account';

export async function goTo(page: Page, name: PageName): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeAttached();
}

/** By way of the Modules page, and back. */
export async function enable(page: Page, name = 'My Module'): Promise<void> {
  await goTo(page, 'Modules');
  await power(page, 'Enable', name).click();
  await expect(power(page, 'Disable', name)).toBeVisible();
  await goTo(page, 'Dashboard');
}

/** Presses Tab until the focus is there, and sees that one can see it. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  const isFocused = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 30 && !(await isFocused()); presses++) await page.keyboard.press('Tab');
  await expect(target).toBeFocused();
  const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline).not.toBe('none');
}

// What must not happen.

export async function expectAccessible(page: Page): Promise<void> {
  // WCAG 2.2 wants it, axe checks it only when asked.
  const rules = { 'target-size': { enabled: true } };
  const { violations } = await new AxeBuilder({ page }).options({ rules }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html) }))).toEqual([]);
}

declare global {
  interface Window {
    /** Gone after a reload. */
    sameDocument?: true;
  }
}

async function forbidReload(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.sameDocument = true;
  });
}

export async function expectNoReload(...pages: Page[]): Promise<void> {
  for (const page of pages) expect(await page.evaluate(() => window.sameDocument)).toBe(true);
}
