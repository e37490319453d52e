/**
 * A real daemon on a data folder of its own: started, killed, started again, and cleaned up. Knows the command line and
 * the process table; nothing of pages.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = new URL('../../', import.meta.url);
const FIXTURES = fileURLToPath(new URL('tests/fixtures/modules/', ROOT));
const SETUP_FIXTURES = fileURLToPath(new URL('tests/fixtures/setup/', ROOT));
const MAKE_PACKAGE = fileURLToPath(new URL('tests/fixtures/make_package.py', ROOT));
export const BUILTIN = fileURLToPath(new URL('modules/builtin/', ROOT));
const BIN = process.env['CONTARA_BIN'] ?? fileURLToPath(new URL('target/debug/contara', ROOT));
export const PYTHON =
  process.env['CONTARA_PYTHON'] ?? fileURLToPath(new URL('python/.venv/bin/python', ROOT));

/** A debug build on a busy machine. */
const READY_WITHIN = 30_000;
/** The daemon gives modules 10 s to stop. */
const STOPPED_WITHIN = 20_000;

/** Packages are left alone, nothing starts this machine again, and files of the data folder are recorded instead of its own. */
const setupConfig = (dataDir: string) => `
[packages]
manager = "none"

[setup]
reboot_command = ["true"]
recorded_folders = [${JSON.stringify(join(dataDir, 'etc'))}]
`;

export interface Pairing {
  readonly pairing_url: string;
  readonly pairing_code: string;
}

interface Ready extends Pairing {
  readonly url: string;
  readonly pid: number;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} took more than ${String(milliseconds)} ms`)),
      milliseconds,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Parent and state of a process, or null when there is none. The name before them may hold spaces and brackets. */
async function stat(pid: number): Promise<{ parent: number; state: string } | null> {
  try {
    const line = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    const [state = '', parent] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(parent), state };
  } catch {
    return null;
  }
}

/** A zombie runs no more; who inherits an orphan may take its time to collect it. */
export async function isRunning(pid: number): Promise<boolean> {
  const found = await stat(pid);
  return found !== null && found.state !== 'Z';
}

export class Daemon {
  #process: ChildProcess | null = null;
  #ended: Promise<Exit> | null = null;
  #ready: Ready | null = null;
  #log = '';

  private constructor(
    readonly dataDir: string,
    private readonly more: readonly string[],
  ) {}

  /** A daemon with these fixtures among its community modules, setup modules too, and `more` on its command line. */
  static async start(
    fixtures: readonly string[],
    more: readonly string[] = [],
    setup: readonly string[] = [],
  ): Promise<Daemon> {
    const dataDir = await mkdtemp(join(tmpdir(), 'contara-e2e-'));
    const config = join(dataDir, 'contara.toml');
    const daemon = new Daemon(dataDir, setup.length > 0 ? [...more, '--config', config] : more);
    await mkdir(daemon.modulesDir);
    await mkdir(daemon.#shelf);
    for (const name of fixtures) await daemon.addFixture(name);
    if (setup.length > 0) await writeFile(config, setupConfig(dataDir));
    for (const name of setup)
      await cp(join(SETUP_FIXTURES, name), join(daemon.modulesDir, name), { recursive: true });
    await daemon.run();
    return daemon;
  }

  get modulesDir(): string {
    return join(this.dataDir, 'modules');
  }

  get #shelf(): string {
    return join(this.dataDir, 'shelf');
  }

  get #gate(): string {
    return join(this.dataDir, 'gate');
  }

  /** What the daemon and the modules wrote to stderr, over all runs. */
  get log(): string {
    return this.#log;
  }

  get url(): string {
    return this.#current.url;
  }

  get pid(): number {
    return this.#current.pid;
  }

  /** The code that was printed at this start. */
  get printed(): Pairing {
    return this.#current;
  }

  get #current(): Ready {
    if (!this.#ready) throw new Error('the daemon was never started');
    return this.#ready;
  }

  /** Starts the daemon; after a first run on the same port as then. */
  async run(): Promise<void> {
    const port = this.#ready ? new URL(this.#ready.url).port : '0';
    const args = ['serve', '--data-dir', this.dataDir, '--port', port, '--ready-json', '--python', PYTHON];
    const child = spawn(BIN, [...args, ...this.more], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Python packages come from here, and from no network.
      env: { ...process.env, UV_NO_INDEX: '1', UV_FIND_LINKS: this.#shelf },
    });
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const first = once(createInterface(child.stdout), 'line') as Promise<[string]>;
    const died = this.#ended.then((exit) => {
      throw new Error(`the daemon ended at its start: ${JSON.stringify(exit)}\n${this.#log}`);
    });
    const [line] = await within(READY_WITHIN, 'the start of the daemon', Promise.race([first, died]));
    this.#ready = JSON.parse(line) as Ready;
    // From now on its end is no failure of its start.
    died.catch(() => undefined);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Sends a signal that ends it, and waits for the end. */
  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<Exit> {
    if (!this.#ended) throw new Error('the daemon was never started');
    this.signal(signal);
    return within(STOPPED_WITHIN, 'the end of the daemon', this.#ended);
  }

  /** Ends what still runs and removes the data folder. */
  async dispose(): Promise<void> {
    this.signal('SIGCONT');
    if (this.#process?.exitCode === null && this.#process.signalCode === null) {
      await this.end('SIGTERM').catch(() => this.end('SIGKILL'));
    }
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A fresh code, as a person at the machine gets it. */
  async pair(): Promise<Pairing> {
    const { stdout } = await promisify(execFile)(BIN, ['pair', '--data-dir', this.dataDir, '--json']);
    return JSON.parse(stdout) as Pairing;
  }

  /** Puts a module among the fixtures into the modules folder in one step, as a careful tool does. */
  async addFixture(name: string): Promise<void> {
    const beside = join(this.dataDir, `incoming-${name}`);
    await cp(join(FIXTURES, name), beside, {
      recursive: true,
      filter: (path) => !path.includes('__pycache__'),
    });
    await rename(beside, join(this.modulesDir, name));
  }

  /** A Python package that modules can have from now on; one that is gated installs until the gate is opened. */
  async addPackage(name: string, version: string, gated: 'gated' | 'open'): Promise<void> {
    const gate = gated === 'gated' ? [this.#gate] : [];
    await promisify(execFile)(PYTHON, [MAKE_PACKAGE, this.#shelf, name, version, ...gate]);
  }

  async openGate(): Promise<void> {
    await writeFile(this.#gate, '');
  }

  async writeModuleFile(module: string, file: string, content: string): Promise<void> {
    await mkdir(join(this.modulesDir, module), { recursive: true });
    await writeFile(join(this.modulesDir, module, file), content);
  }

  /** The processes of modules that run now. */
  async workers(): Promise<number[]> {
    const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
    const found: number[] = [];
    for (const pid of pids) {
      const of = await stat(pid);
      if (of?.parent !== this.pid || of.state === 'Z') continue;
      const command = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '');
      if (command.includes('contara_worker')) found.push(pid);
    }
    return found;
  }

  /** What the host process itself holds in memory now, and at most since its start, in bytes. */
  async memory(): Promise<{ now: number; peak: number }> {
    const status = await readFile(`/proc/${String(this.pid)}/status`, 'utf8');
    const bytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  }

  async isHealthy(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/api/health`, { signal: AbortSignal.timeout(2_000) });
      return response.ok;
    } catch {
      return false;
    }
  }
}

/** The manifest of a fixture, for tests that vary it. */
export function manifestOf(fixture: string): Promise<string> {
  return readFile(join(FIXTURES, fixture, 'module.json'), 'utf8');
}

export function codeOf(fixture: string): Promise<string> {
  return readFile(join(FIXTURES, fixture, '__init__.py'), 'utf8');
}
