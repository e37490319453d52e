/** The page System, while its daemon goes and comes back. */
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { App } from '../../state/app.svelte';
import { silentTransport } from '../../transport/silent';
import AppHarness from '../AppHarness.svelte';
import SystemPage from './SystemPage.svelte';

/** Null: the daemon can’t be reached. */
let answer: (() => Response) | null;
let asked: number;

beforeEach(() => {
  answer = () => Response.json({ condition: 'well' });
  asked = 0;
  vi.stubGlobal('fetch', async () => {
    asked++;
    if (!answer) throw new TypeError('no route');
    return answer();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function setUp() {
  const app = new App(silentTransport);
  app.session.status = 'signed-in';
  return app;
}

test('a daemon that comes back is asked at once, without a word of what failed meanwhile', async () => {
  const app = setUp();
  app.dashboard.connection = { phase: 'connecting', lastContactAt: null };
  answer = null;
  const page = await render(AppHarness, { app, part: SystemPage });
  expect(asked).toBe(1);
  const alerts = vi.fn();
  const observer = new MutationObserver(() => {
    if (document.querySelector('[role=alert]')) alerts();
  });
  observer.observe(document.body, { subtree: true, childList: true });
  answer = () => Response.json({ condition: 'well' });
  flushSync(() => (app.dashboard.connection = { phase: 'connected' }));
  expect(asked).toBe(2);
  await expect.element(page.getByText('All is well')).toBeVisible();
  expect(alerts).not.toHaveBeenCalled();
  observer.disconnect();
});

test('what the daemon itself refuses is told', async () => {
  const app = setUp();
  app.dashboard.connection = { phase: 'connected' };
  answer = () => Response.json({ detail: 'The disk is gone.' }, { status: 500 });
  const page = await render(AppHarness, { app, part: SystemPage });
  await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is gone.');
});
