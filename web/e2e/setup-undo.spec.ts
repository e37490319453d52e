/** What a run did to files, and its way back. */
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { Daemon } from './daemon.ts';
import { expect, expectAccessible, tabTo, test } from './contara.ts';
import { begin, state } from './setup.ts';

const WORK = `cd ../../etc || exit 1
umask 022
printf 'port = 587\\nname = <b>mail</b>\\n' >mail.conf
echo new >made.conf
rm old.conf
`;

/** A module that changes, makes and deletes a file in the folder that is recorded; returns that folder. */
async function writer(daemon: Daemon): Promise<string> {
  const etc = join(daemon.dataDir, 'etc');
  await mkdir(etc);
  // What only root may read isn't shown.
  await chmod(daemon.dataDir, 0o711);
  await writeFile(join(etc, 'mail.conf'), 'port = 25\n', { mode: 0o644 });
  await writeFile(join(etc, 'old.conf'), 'old\n', { mode: 0o644 });
  const desc = { slug: 'writer', name: 'Writer', description: 'Changes files.', services: ['mail.service'] };
  await daemon.writeModuleFile('writer', 'write.sh', WORK);
  await daemon.writeModuleFile(
    'writer',
    '__init__.py',
    'def get_config_info():\n    return ("write.sh", [])\n',
  );
  await daemon.writeModuleFile('writer', 'desc.json', JSON.stringify(desc));
  return etc;
}

test.use({ modules: [], setup: ['talker'] });

test('what a run did to files is seen, and taken back', async ({ browsers, daemon }) => {
  const etc = await writer(daemon);
  const page = await browsers.signedIn();
  await begin(page, 'Writer');
  await expect(state(page)).toHaveText(/All is done/);

  const changed = page.getByRole('listitem').filter({ hasText: 'mail.conf' });
  await expect(changed).toContainText('Changed');
  await expect(page.getByRole('listitem').filter({ hasText: 'made.conf' })).toContainText('Created');
  await expect(page.getByRole('listitem').filter({ hasText: 'old.conf' })).toContainText('Deleted');
  await changed.getByText('Difference').click();
  const difference = changed.getByLabel(/^Difference of/);
  await expect(difference).toContainText('-port = 25');
  await expect(difference).toContainText('+name = <b>mail</b>');
  await expectAccessible(page);
  browsers.expect('changedSince');
  await writeFile(join(etc, 'mail.conf'), 'port = 26\n');
  // By keyboard alone.
  const use = async (target: Locator) => {
    await tabTo(page, target);
    await page.keyboard.press('Enter');
  };
  await use(page.getByRole('main').getByRole('button', { name: 'Undo' }));
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('mail.service');
  await use(question.getByRole('button', { name: 'Undo' }));
  await expect(question).toContainText('Changed since the run');
  await expect(question).toContainText('mail.conf');
  await use(question.getByRole('button', { name: 'Leave as it is' }));
  expect(await readFile(join(etc, 'mail.conf'), 'utf8')).toBe('port = 26\n');

  await use(page.getByRole('main').getByRole('button', { name: 'Undo' }));
  await use(question.getByRole('button', { name: 'Undo' }));
  await use(question.getByRole('button', { name: 'Overwrite' }));
  await expect(page.getByText(/^Undone by/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  expect(await readFile(join(etc, 'mail.conf'), 'utf8')).toBe('port = 25\n');
  expect((await readdir(etc)).toSorted()).toEqual(['mail.conf', 'old.conf']);
});
