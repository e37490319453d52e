/** What people see of modules that are new, broken, or hostile. */
import type { Locator, Page } from '@playwright/test';
import lucide from '@iconify-json/lucide/icons.json' with { type: 'json' };
import {
  connection,
  count,
  enable,
  expect,
  expectNoReload,
  goTo,
  increment,
  module,
  power,
  problems,
  test,
} from './contara.ts';
import { codeOf, manifestOf } from './daemon.ts';

/** What tells one icon from another: the shapes that are drawn. */
function shapes(markup: string): string[] {
  return [...markup.matchAll(/\s(?:d|points|cx|cy|r|x|y|width|height)="[^"]*"/g)]
    .map(([part]) => part)
    .sort();
}

/** The icon is there, as large as it should be, in a colour that can be seen, and it is this one. */
async function expectDrawn(icon: Locator, name: keyof typeof lucide.icons): Promise<void> {
  await expect(icon).toBeVisible();
  await expect.poll(async () => shapes(await icon.innerHTML())).toEqual(shapes(lucide.icons[name].body));
  const drawn = await icon.evaluate((svg: SVGSVGElement) => {
    const { width, height } = svg.getBBox();
    return { width, height, stroke: getComputedStyle(svg).stroke };
  });
  expect(drawn.width).toBeGreaterThan(8);
  expect(drawn.height).toBeGreaterThan(8);
  expect(drawn.stroke).toMatch(/^rgb/);
}

test('wrench is drawn as a wrench, the unknown Counter as the neutral icon with a warning', async ({
  browsers,
}) => {
  const page = await browsers.signedIn();
  await goTo(page, 'Modules');
  await expectDrawn(module(page).locator('.icon svg'), 'wrench');
  await expect(problems(page)).toHaveCount(0);
  await power(page, 'Enable').click();
  await expect(problems(page).getByRole('listitem')).toHaveText(/Warning:.*“?"?Counter"?”?.*no Lucide icon/);
  await goTo(page, 'Dashboard');
  await expectDrawn(module(page).locator('header svg'), 'box');
});

async function expectHealthyBeside(page: Page, figure: string): Promise<void> {
  await increment(page);
  await expect(count(page)).toHaveText(figure);
}

test.describe('beside a module that exits at import', () => {
  test.use({ modules: ['my_module', 'exits_at_import'] });

  test('the healthy one works on, and the failure is told', async ({ browsers, daemon }) => {
    test.slow();
    browsers.expect('failingModule');
    const [one, two] = await browsers.two();
    const bad = 'Exits at import';
    await enable(one);
    await enable(one, bad);
    for (const page of [one, two]) {
      await expect(module(page, bad)).toContainText(/exit/i);
      await expect(module(page, bad)).toContainText('3');
      await expect(module(page, bad).getByRole('button', { name: `Try again with ${bad}` })).toBeVisible();
    }
    await expectHealthyBeside(one, '1');
    await expect(count(two)).toHaveText('1');

    await goTo(two, 'Modules');
    await expect(module(two, bad)).toContainText(/Restarting|Failed|Starting/);
    await expect(module(two)).toContainText('Running');

    // Five failures, with pauses of 1, 2, 4 and 8 s between them.
    await expect(module(one, bad)).toContainText('Stopped trying', { timeout: 60_000 });
    await expect(module(two, bad)).toContainText('Failed');
    await expect(module(two, bad)).toContainText(/exit/i);
    await expectHealthyBeside(one, '2');
    await expect.poll(() => daemon.workers()).toHaveLength(1);
    await goTo(two, 'Dashboard');
    await expect(count(two)).toHaveText('2');
    await expectNoReload(one, two);
  });
});

test.describe('beside a module that never answers', () => {
  test.use({ modules: ['my_module', 'never_answers'] });

  test('the healthy one works on, and the other can be switched off', async ({ browsers, daemon }) => {
    browsers.expect('lost', 'failingModule');
    const page = await browsers.signedIn();
    const bad = 'Never answers';
    await enable(page);
    await goTo(page, 'Modules');
    await power(page, 'Enable', bad).click();
    await expect(module(page, bad)).toContainText('Starting');
    await goTo(page, 'Dashboard');
    await expect(module(page, bad)).toContainText('Starting');
    await expectHealthyBeside(page, '1');
    await expect(connection(page)).toHaveText('Connected');

    // One browser waits for the start; any other can call it off.
    const other = await browsers.signedIn();
    await goTo(other, 'Modules');
    await power(other, 'Disable', bad).click();
    await expect(power(other, 'Enable', bad)).toBeVisible({ timeout: 30_000 });
    await expect(module(page, bad)).toHaveCount(0);
    await expect.poll(() => daemon.workers()).toHaveLength(1);
  });
});

test('a folder that is copied in appears by itself', async ({ browsers, daemon }) => {
  const page = await browsers.signedIn();
  await goTo(page, 'Modules');
  await expect(page.getByRole('article')).toHaveCount(1);
  await daemon.addFixture('exits_at_import');
  await expect(module(page, 'Exits at import')).toBeVisible();
  await expect(power(page, 'Enable', 'Exits at import')).toBeEnabled();
});

test.describe('an empty modules folder', () => {
  test.use({ modules: [] });

  test('a broken manifest is shown with its place, and can be enabled once it is corrected', async ({
    browsers,
    daemon,
  }) => {
    const [page] = await browsers.two();
    await expect(page.getByRole('heading', { name: 'No modules yet' })).toBeVisible();
    await goTo(page, 'Modules');
    await expect(page.getByText('No modules were found')).toBeVisible();

    const good = await manifestOf('my_module');
    const broken = good.replace('"1.0.0"', '"one"').replace('"linux"', '"amiga"');
    await daemon.writeModuleFile('my_module', '__init__.py', await codeOf('my_module'));
    await daemon.writeModuleFile('my_module', 'module.json', broken);

    // What a manifest with errors says of its name counts for nothing.
    const errors = problems(page, 'my_module').getByRole('listitem').filter({ hasText: 'Error:' });
    await expect(errors).toHaveCount(2);
    await expect(errors.filter({ hasText: 'Invalid version format' })).toContainText('module.json:4:13');
    await expect(errors.filter({ hasText: 'Unknown platform' })).toContainText('module.json:12:3');
    await expect(module(page, 'my_module')).toContainText('Invalid');
    await expect(power(page, 'Enable', 'my_module')).toBeDisabled();
    await expect(power(page, 'Enable', 'my_module')).toHaveAccessibleDescription(/errors/);

    await daemon.writeModuleFile('my_module', 'module.json', good);
    await expect(problems(page)).toHaveCount(0);
    await enable(page);
    await expectHealthyBeside(page, '1');
    await expectNoReload(page);
  });

  test('a manifest that is no JSON at all is shown with its place', async ({ browsers, daemon }) => {
    const page = await browsers.signedIn();
    await goTo(page, 'Modules');
    await daemon.writeModuleFile('half_written', '__init__.py', '');
    await daemon.writeModuleFile(
      'half_written',
      'module.json',
      '{\n  "name": "half_written",\n  "version" 1\n}\n',
    );
    await expect(problems(page, 'half_written')).toContainText('module.json:3:13');
    await expect(power(page, 'Enable', 'half_written')).toBeDisabled();
  });
});
