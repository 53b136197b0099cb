/** Runs inside the extension host: deploys a file once, so that it is live, and counts the requests of the next deploy. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

const { AUTH0_ACTIONS_BENCH_URL: url = '', AUTH0_ACTIONS_BENCH_TOKEN: token = '', AUTH0_ACTIONS_BENCH_TRAFFIC: traffic = '', AUTH0_ACTIONS_BENCH_RESULT: result = '' } = process.env;

const requests = (): readonly string[] => readFileSync(traffic, 'utf8').split('\n').filter(line => line !== '').map(line => (JSON.parse(line) as { method: string }).method);

export async function run(): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const file = vscode.Uri.joinPath(folder.uri, 'actions', 'unchanged', 'code.js');
  const code = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const created = await fetch(`${url}/api/v2/actions/actions`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'unchanged', supported_triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code }) });
  assert.ok(created.ok);
  await vscode.commands.executeCommand('auth0Actions.connect', { url, token });
  await vscode.commands.executeCommand('auth0Actions.setFolderTenant', { tenant: new URL(url).host });
  assert.deepEqual(await vscode.commands.executeCommand('auth0Actions.deploy', { file }), { outcome: 'live', version: 1, errors: [] });
  // What follows a deploy by itself has been read when another round of it costs nothing more.
  for (let before = -1; before !== requests().length; await new Promise(resolve => setTimeout(resolve, 1500))) {
    before = requests().length;
  }
  const before = requests().length;
  assert.deepEqual(await vscode.commands.executeCommand('auth0Actions.deploy', { file }), { outcome: 'live', version: 1, errors: [] });
  const after = requests().slice(before);
  writeFileSync(result, JSON.stringify({ reads: after.filter(method => method === 'GET').length, writes: after.filter(method => method !== 'GET').length }));
}
