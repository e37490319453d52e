/** What people see of modules with Python packages of their own. */
import { expect, expectAccessible, expectNoReload, goTo, module, power, test } from './contara.ts';

const NAME = 'Greeter';
const PACKAGE = 'contara-test-greeting';

test.use({ modules: ['greeter'] });

test('packages are installed before the eyes of everybody, and then it runs', async ({
  browsers,
  daemon,
}) => {
  await daemon.addPackage(PACKAGE, '1.0', 'gated');
  const [one, two] = await browsers.two();
  await goTo(one, 'Modules');
  const packages = module(one, NAME).getByRole('group');
  await packages.getByText('Python packages').click();
  await expect(packages.getByRole('status')).toHaveText('Not installed yet');
  await power(one, 'Enable', NAME).click();
  await expect(module(one, NAME)).toContainText('Installing…');
  await expect(packages.getByRole('status')).toHaveText('Installing…');
  for (const page of [one, two]) {
    const bar = module(page, NAME).getByRole('progressbar', { name: 'Installing packages… 0 of 1' });
    await expect(bar).toHaveAttribute('aria-valuenow', '0');
  }
  // The press is over: whoever made it can take it back meanwhile.
  await expect(power(one, 'Disable', NAME)).toBeEnabled();

  await daemon.openGate();
  await expect(module(two, NAME).getByRole('definition')).toHaveText('1.0');
  await expect(module(one, NAME)).toContainText('Running');
  await expect(module(one, NAME).getByRole('progressbar')).toHaveCount(0);
  // What was opened before says so, too.
  await expect(packages.getByRole('status')).toHaveText('Ready');
  await expect(packages.getByRole('list', { name: 'Packages' })).toHaveText(`${PACKAGE} 1.0`);
  await expect(packages).toContainText(/On the disk\s*[\d.,]+ [KM]?B/);
  await expect(packages).toContainText(daemon.dataDir);
  await expectAccessible(one);
  await expectNoReload(one, two);
});

test('a package that is not there blocks with the reason until it is there', async ({ browsers, daemon }) => {
  browsers.expect('blockedModule');
  const [one, two] = await browsers.two();
  await goTo(one, 'Modules');
  await power(one, 'Enable', NAME).click();
  for (const page of [one, two]) {
    await expect(module(page, NAME)).toContainText(`${PACKAGE} was not found`);
    await expect(module(page, NAME).getByText('unsatisfiable')).toHaveCount(1);
  }
  await expect(module(one, NAME)).toContainText('Blocked');

  await daemon.addPackage(PACKAGE, '1.0', 'open');
  await module(two, NAME)
    .getByRole('button', { name: `Try again with ${NAME}` })
    .click();
  await expect(module(two, NAME).getByRole('definition')).toHaveText('1.0');
  await expect(module(one, NAME)).toContainText('Running');
  await expectNoReload(one, two);
});
