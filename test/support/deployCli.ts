/**
 * auth0-deploy-cli, the vendor's own tool, used as its documents show for scripts: a process of its own that imports and
 * exports through its functions `deploy` and `dump`. It stays, so that its start (seconds) is taken once, and later imports find its code and
 * connection warm. It is no dependency: the first run installs it from npm into the project's cache.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNpm, runNpm } from '../../scripts/lib/npm.mjs';
import { cacheFolder } from '../../scripts/lib/project.ts';
import type { TlsTenant } from './tlsTenant.ts';

const VERSION = '8.44.0';

export interface ImportedAction {
  readonly name: string;
  readonly code: string;
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
}

/** Its settings, by the names of its documents. */
export type DeployConfig = Readonly<Record<string, unknown>>;

/** The package's entry; `undefined`, and a line on stderr, where npm cannot bring it. */
export async function deployCliEntry(): Promise<string | undefined> {
  const folder = join(cacheFolder, `deploy-cli-${VERSION}`);
  const entry = join(folder, 'node_modules', 'auth0-deploy-cli', 'lib', 'index.js');
  if (existsSync(entry)) {
    return entry;
  }
  const half = `${folder}.new`;
  try {
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half, { recursive: true });
    // A project of its own: npm would install into ours otherwise.
    writeFileSync(join(half, 'package.json'), '{ "private": true }\n');
    await runNpm('Installing auth0-deploy-cli', process.execPath, findNpm(), ['install', `auth0-deploy-cli@${VERSION}`, '--no-package-lock', '--ignore-scripts'], { cwd: half });
    renameSync(half, folder);
    return entry;
  } catch (error) {
    process.stderr.write(`auth0-deploy-cli could not be installed, so nothing was compared with it: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

export class DeployCli {
  readonly #child: ChildProcess;
  readonly #tenant: TlsTenant;

  private constructor(child: ChildProcess, tenant: TlsTenant) {
    this.#child = child;
    this.#tenant = tenant;
  }

  /** Starts it for a tenant; with `actionsOnly` it is quick, and checks nothing but actions. `undefined` where npm cannot bring it. @throws Error where it does not start. */
  static async start(tenant: TlsTenant, { actionsOnly = false }: { readonly actionsOnly?: boolean } = {}): Promise<DeployCli | undefined> {
    const entry = await deployCliEntry();
    if (entry === undefined) {
      return undefined;
    }
    const child = fork(join(import.meta.dirname, 'deployCliProcess.ts'), [entry, ...(actionsOnly ? ['actions'] : [])], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // Nothing of this machine's own settings for tenants.
      env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: tenant.authorityFile },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const cli = new DeployCli(child, tenant);
    await cli.#answer();
    return cli;
  }

  /** Imports one action. @throws Error where that fails. */
  async importAction(action: ImportedAction): Promise<void> {
    const folder = join(this.#tenant.folder, 'import');
    const actions = join(folder, 'actions');
    mkdirSync(actions, { recursive: true });
    writeFileSync(join(actions, 'code.js'), action.code);
    writeFileSync(join(actions, 'action.json'), JSON.stringify({
      name: action.name,
      code: './actions/code.js',
      runtime: 'node22',
      dependencies: action.dependencies,
      secrets: [],
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
      deployed: true,
    }));
    await this.import(folder);
  }

  /** Imports the actions of a folder, or of a `tenant.yaml`. Deletes nothing. @throws Error where that fails. */
  async import(input: string, config: DeployConfig = {}): Promise<void> {
    this.#child.send({ call: 'deploy', params: { input_file: input, config: this.#config(config) } });
    await this.#answer();
  }

  /** Exports the tenant's actions into a folder. @throws Error where that fails. */
  async export(folder: string, format: 'directory' | 'yaml', config: DeployConfig = {}): Promise<void> {
    this.#child.send({ call: 'dump', params: { output_folder: folder, format, config: this.#config(config) } });
    await this.#answer();
  }

  #config(config: DeployConfig): DeployConfig {
    return { AUTH0_DOMAIN: new URL(this.#tenant.url).host, AUTH0_ACCESS_TOKEN: this.#tenant.token, AUTH0_INCLUDED_ONLY: ['actions'], AUTH0_ALLOW_DELETE: false, ...config };
  }

  end(): void {
    // It may have handlers of its own for the polite signals.
    this.#child.kill('SIGKILL');
  }

  async #answer(): Promise<void> {
    const gone = new AbortController();
    const [message] = (await Promise.race([
      once(this.#child, 'message', { signal: gone.signal }),
      once(this.#child, 'exit', { signal: gone.signal }).then(() => [{ error: 'it has ended' }]),
    ]).finally(() => gone.abort())) as [{ readonly error?: string }];
    if (message.error !== undefined) {
      throw new Error(`auth0-deploy-cli: ${message.error}`);
    }
  }
}
