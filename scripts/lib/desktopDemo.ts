// The demo in a desktop VS Code, with settings and extensions of its own: a running one would lend neither its windows nor its environment.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietSettings } from '../../test/workbench/settings.ts';
import { demoFolder } from './demo.ts';
import { PlainError } from './main.ts';
import { onEnd, startTree } from './processes.ts';

const windows = process.platform === 'win32';

/** Whether a `code` that opens windows is on the path. A terminal inside a remote window has one that only talks to that window; root may start none. */
export function hasDesktop(): boolean {
  const { env } = process;
  const noScreen = process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY;
  if (noScreen || env.VSCODE_IPC_HOOK_CLI || env.WSL_DISTRO_NAME || process.getuid?.() === 0) {
    return false;
  }
  return runCode(['--version'])?.status === 0;
}

/** Installs the packages and opens the window; resolves when it is closed or the demo is stopped. */
export async function desktopDemo(workspace: string, packages: readonly string[]): Promise<void> {
  const user = join(demoFolder, 'user');
  const extensions = join(demoFolder, 'extensions');
  rmSync(user, { recursive: true, force: true });
  rmSync(extensions, { recursive: true, force: true });
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(join(user, 'User', 'settings.json'), JSON.stringify(quietSettings, undefined, 2));
  const own = ['--user-data-dir', user, '--extensions-dir', extensions];
  for (const file of packages) {
    const installed = runCode([...own, '--install-extension', file, '--force']);
    if (installed?.status !== 0) {
      throw new PlainError(`VS Code did not install ${file}:\n${installed?.stderr ?? ''}\nTry "npm run demo -- --browser".`);
    }
  }
  const tree = startTree('code', quoted([...own, '--new-window', '--wait', '--disable-workspace-trust', '--disable-telemetry', '--skip-welcome', workspace]), { env: cleanEnv(), stdio: 'ignore', shell: windows });
  process.stdout.write('The demo is open in VS Code. Close its window or press Ctrl-C to end it.\n');
  await new Promise<void>((resolve, reject) => {
    tree.child.once('error', reject);
    tree.child.once('exit', () => resolve());
    onEnd(resolve);
  });
  await tree.end();
  endWindow(user);
}

/** `code` hands over to a process that is not its child; the window writes its id into its data folder. */
function endWindow(user: string): void {
  try {
    process.kill(Number(readFileSync(join(user, 'code.lock'), 'utf8')), 'SIGTERM');
  } catch {
    // Closed already.
  }
}

function runCode(args: readonly string[]): { status: number | null; stderr: string } | undefined {
  const result = spawnSync('code', quoted(args), { env: cleanEnv(), encoding: 'utf8', shell: windows, timeout: 60_000 });
  return result.error === undefined ? result : undefined;
}

/** On Windows `code` is a script, which only a shell runs, and a shell splits at spaces. */
function quoted(args: readonly string[]): string[] {
  return args.map(arg => windows && /\s/.test(arg) ? `"${arg}"` : arg);
}

/** In VS Code's own terminal, these would make the new process believe that it is a plain Node or part of that window. */
function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)));
}
