/**
 * Writes a `.br` beside every compressible file of the build, so that the daemon serves ready-made bytes. Nothing else:
 * browsers that talk to Contara over plain http get the uncompressed file, which is still on the local network.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(?:html|js|css|json|svg|txt|webmanifest)$/;
const compress = promisify(brotliCompress);

async function writeBrotli(path: string): Promise<void> {
  const source = await readFile(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
  };
  await writeFile(`${path}.br`, await compress(source, { params }));
}

export function brotli(): Plugin {
  let outDir = '';
  return {
    name: 'contara-brotli',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      await Promise.all(
        files.filter((file) => COMPRESSIBLE.test(file)).map((file) => writeBrotli(join(outDir, file))),
      );
    },
  };
}
