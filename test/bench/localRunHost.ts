/** Runs inside the extension host: the command as the lens calls it, to the result on the screen, 20 times. The first one loads what it needs. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

const RUNS = 20;

export async function run(): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const uri = vscode.Uri.joinPath(folder.uri, 'actions', 'empty', 'code.js');
  await vscode.extensions.getExtension('actions-for-auth0.auth0-actions')?.activate();
  await vscode.window.showTextDocument(uri);
  const measured: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const begun = performance.now();
    // With an event, so that no question waits for a person.
    const { end } = await vscode.commands.executeCommand<{ end: string }>('auth0Actions.runLocally', { uri, event: { user: {} } });
    measured.push(performance.now() - begun);
    assert.equal(end, 'finished');
    assert.ok(vscode.window.visibleTextEditors.some(({ document }) => document.uri.path.endsWith('.local.txt')), 'the result is shown');
  }
  writeFileSync(process.env['AUTH0_ACTIONS_BENCH_RESULT'] ?? '', JSON.stringify(measured));
}
