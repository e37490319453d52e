/**
 * Writes a `.br` and a `.gz` beside every compressible file of the build, so that the daemon serves ready-made bytes. Browsers
 * take Brotli only over https, or from the machine itself.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(?:html|js|css|json|svg|txt|webmanifest)$/;
const brotlied = promisify(brotliCompress);
const gzipped = promisify(gzip);

async function writeCompressed(path: string): Promise<void> {
  const source = await readFile(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
  };
  await writeFile(`${path}.br`, await brotlied(source, { params }));
  await writeFile(`${path}.gz`, await gzipped(source, { level: constants.Z_BEST_COMPRESSION }));
}

export function compress(): Plugin {
  let outDir = '';
  return {
    name: 'contara-compress',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      const compressible = files.filter((file) => COMPRESSIBLE.test(file));
      await Promise.all(compressible.map((file) => writeCompressed(join(outDir, file))));
    },
  };
}
