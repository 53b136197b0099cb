/**
 * Runs inside the extension host, where the extension itself is not active yet: loads the main bundle anew and
 * activates it, 20 times, each time from the file and with everything disposed afterwards.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

const RUNS = 20;
const EXTENSION_ID = 'actions-for-auth0.auth0-actions';

interface Main {
  activate(context: unknown): unknown;
}

export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension(EXTENSION_ID);
  if (extension === undefined || extension.isActive) {
    throw new Error('the extension must be there, and not be active yet');
  }
  const file = join(extension.extensionPath, 'dist', 'extension.cjs');
  const load = createRequire(file);
  const measured = { load: [] as number[], activate: [] as number[] };
  for (let run = 0; run < RUNS; run += 1) {
    Reflect.deleteProperty(load.cache, file);
    const loading = performance.now();
    const main = load(file) as Main;
    const activating = performance.now();
    const subscriptions: vscode.Disposable[] = [];
    main.activate(contextFor(extension, subscriptions));
    const done = performance.now();
    measured.load.push(activating - loading);
    measured.activate.push(done - activating);
    for (const subscription of subscriptions) {
      subscription.dispose();
    }
    // The host tells the window of each registration; let it finish before the next.
    await vscode.commands.getCommands(true);
  }
  writeFileSync(process.env['AUTH0_ACTIONS_BENCH_RESULT'] ?? '', JSON.stringify(measured));
}

function folder(name: string): vscode.Uri {
  return vscode.Uri.file(join(dirname(process.env['AUTH0_ACTIONS_BENCH_RESULT'] ?? ''), name));
}

/** As much of a context as activation may touch: an empty memory, and secrets that must not be read. */
function contextFor(extension: vscode.Extension<unknown>, subscriptions: vscode.Disposable[]): unknown {
  const refuse = (): never => {
    throw new Error('activation read or wrote a secret');
  };
  return {
    subscriptions,
    extension,
    extensionMode: vscode.ExtensionMode.Production,
    // Folders that are not there yet, as at the first start.
    globalStorageUri: folder('global'),
    storageUri: folder('workspace'),
    extensionUri: extension.extensionUri,
    workspaceState: { get: () => undefined, update: () => Promise.resolve(), keys: () => [] },
    globalState: { get: () => undefined, update: () => Promise.resolve(), keys: () => [] },
    secrets: { get: refuse, store: refuse, delete: refuse, onDidChange: () => new vscode.Disposable(() => undefined) },
  };
}
