// One running VS Code server, and extensions installed into one.
import { spawnSync } from 'node:child_process';
import { appendFileSync, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlainError } from '../../scripts/lib/main.ts';
import { startTree } from '../../scripts/lib/processes.ts';

const READY = /Extension host agent listening on (\d+)/;
const READY_MS = 60_000;

export interface ServerOptions {
  /** The folder `lib/vscode` of an installed workbench. */
  readonly server: string;
  /** Settings, extensions and state. A fresh folder is a fresh user. */
  readonly dataFolder: string;
  /** Where extensions are installed; left out, among the data. Several servers may share one. */
  readonly extensions?: string;
  readonly logFile: string;
  /** Left out, the system chooses a free one. */
  readonly port?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** `false` asks for trust like a real one does, so that Restricted Mode can be tested. */
  readonly trustEverything?: boolean;
  /** Display language. Extensions get it; VS Code's own texts stay English, since no registry has its language packs. */
  readonly locale?: string;
  /** Lets the page say what to develop and test, and report the result. */
  readonly testDriver?: boolean;
  /** Machine settings (most count for the server's side there) and user settings (`http.proxy` counts only there) are both written from this. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Starts the server and waits for the line that says it listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  for (const folder of [dirname(options.logFile), join(options.dataFolder, 'data', 'User'), join(options.dataFolder, 'data', 'Machine')]) {
    mkdirSync(folder, { recursive: true });
  }
  if (options.settings !== undefined) {
    const text = JSON.stringify(options.settings, undefined, 2);
    writeFileSync(join(options.dataFolder, 'data', 'User', 'settings.json'), text);
    writeFileSync(join(options.dataFolder, 'data', 'Machine', 'settings.json'), text);
  }
  if (options.locale !== undefined) {
    addLanguagePack(options.dataFolder, options.locale);
  }
  const tree = startTree(process.execPath, [
    join(options.server, 'out', 'server-main.js'),
    '--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token', '--accept-server-license-terms',
    '--telemetry-level', 'off', '--server-data-dir', options.dataFolder, ...extensionsFolder(options),
    // Without it the page ignores which extension it should develop and test.
    ...(options.testDriver ? ['--enable-smoke-test-driver'] : []),
    ...(options.trustEverything === false ? [] : ['--disable-workspace-trust']),
    ...(options.locale === undefined ? [] : ['--locale', options.locale]),
  ], { env: { ...cleanEnv(), ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let text = '';
      const timer = setTimeout(() => reject(new Error(`VS Code's server was not ready after ${READY_MS / 1000} s; see ${options.logFile}`)), READY_MS);
      const read = (data: Buffer): void => {
        log.write(data);
        if (text.length < 100_000) {
          text += data.toString();
          const ready = READY.exec(text);
          if (ready?.[1] !== undefined) {
            clearTimeout(timer);
            resolve(Number(ready[1]));
          } else if (text.includes('EADDRINUSE')) {
            // It says so and stays, without listening.
            clearTimeout(timer);
            reject(new PlainError(`Port ${options.port ?? 0} is in use.`));
          }
        }
      };
      tree.child.stdout?.on('data', read);
      tree.child.stderr?.on('data', read);
      tree.child.once('exit', code => {
        clearTimeout(timer);
        reject(new Error(`VS Code's server ended with ${code ?? 'a signal'}:\n${text.slice(-1500)}`));
      });
    });
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      async stop() {
        await tree.end();
        log.end();
      },
    };
  } catch (error) {
    await tree.end();
    log.end();
    throw error;
  }
}

/** VS Code takes a language only where a language pack for it is installed: this one translates nothing of its own. */
function addLanguagePack(dataFolder: string, language: string): void {
  const translations = join(dataFolder, `language-pack-${language}.json`);
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  writeFileSync(join(dataFolder, 'data', 'languagepacks.json'), JSON.stringify({ [language]: { hash: 'empty', label: language, extensions: [{ extensionIdentifier: { id: `tests.language-pack-${language}` }, version: '1.0.0' }], translations: { vscode: translations } } }));
}

/** What a user has: the packaged extension in the extensions folder. */
export function installVsix(options: Pick<ServerOptions, 'server' | 'dataFolder' | 'logFile' | 'extensions'>, vsix: string): void {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const args = [join(options.server, 'out', 'server-main.js'), '--install-extension', vsix, '--force', '--accept-server-license-terms', '--server-data-dir', options.dataFolder, ...extensionsFolder(options)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: cleanEnv(), encoding: 'utf8', timeout: 60_000 });
  appendFileSync(options.logFile, `${stdout}${stderr}`);
  if (status !== 0 || !stdout.includes('was successfully installed')) {
    throw new Error(`${vsix} could not be installed:\n${stdout}${stderr}`.slice(0, 2000));
  }
}

function extensionsFolder({ extensions }: Pick<ServerOptions, 'extensions'>): string[] {
  return extensions === undefined ? [] : ['--extensions-dir', extensions];
}

/** In a terminal of VS Code itself, these would make a server believe it belongs to that window. */
function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)));
}
