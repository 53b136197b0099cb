/** What the host tests share: the simulator they talk to, and waiting for a state instead of for a time. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Parts } from '../../src/ui/commands/parts.ts';
import type { Row } from '../../src/ui/tree/rows.ts';
import { askTenant } from '../support/askTenant.ts';

export const EXTENSION_ID = 'actions-for-auth0.auth0-actions';

function fromEnvironment(name: string): string {
  const value = process.env[name];
  assert.ok(value, `${name} is set by the script that starts these tests`);
  return value;
}

export const simulatorUrl = fromEnvironment('AUTH0_ACTIONS_SIMULATOR_URL');
export const simulatorToken = fromEnvironment('AUTH0_ACTIONS_SIMULATOR_TOKEN');
const simulator = { url: simulatorUrl, token: simulatorToken };
/** The tenant as commands name it: host with port. */
export const tenant = new URL(simulatorUrl).host;

/** The extension's parts, which it returns in test mode. */
export async function parts(): Promise<Parts> {
  const extension = vscode.extensions.getExtension<Parts>(EXTENSION_ID);
  assert.ok(extension);
  return extension.activate();
}

/** Polls until `look` gives a value, and fails with `what` after a minute. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) {
      return value;
    }
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
    // Less often than the simulated tenant's bucket fills, which the extension draws from too.
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** Control of the simulator, outside the API. */
export async function control(path: string, body: unknown): Promise<void> {
  await askTenant(simulator, 'POST', `/simulator/${path}`, body);
}

/** A call of the Management API that the extension does not make itself. */
export function api(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  return askTenant(simulator, method, `/api/v2${path}`, body);
}

/** A new action whose draft is built, by name. */
export async function createBuilt(name: string, code = 'exports.onExecutePostLogin = async () => {};'): Promise<string> {
  const { id } = await api('POST', '/actions/actions', { name, supported_triggers: [{ id: 'post-login', version: 'v3' }], runtime: 'node22', code });
  assert.ok(typeof id === 'string');
  await until(`${name} to be built`, async () => ((await api('GET', `/actions/actions/${id}`))['status'] === 'built' ? true : undefined));
  return id;
}

/** Lets VS Code save by itself while `work` runs. Otherwise the tests keep that off: in a browser it saves after a second. */
export async function whileAutoSaving<T>(mode: 'afterDelay' | 'onFocusChange', work: () => Promise<T>): Promise<T> {
  const files = vscode.workspace.getConfiguration('files');
  await files.update('autoSaveDelay', 100, vscode.ConfigurationTarget.Global);
  await files.update('autoSave', mode, vscode.ConfigurationTarget.Global);
  try {
    return await work();
  } finally {
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    await files.update('autoSaveDelay', undefined, vscode.ConfigurationTarget.Global);
  }
}

/** Types what VS Code then saves by itself, which keeps it here. */
export function typeAndKeep(document: vscode.TextDocument, text: string): Promise<void> {
  return whileAutoSaving('afterDelay', async () => {
    await type(document, text);
    await until('VS Code to save by itself', () => !document.isDirty);
  });
}

export async function connect(): Promise<void> {
  await vscode.commands.executeCommand('auth0Actions.connect', { url: simulatorUrl, token: simulatorToken });
}

/** Rows below a row, as the tree shows them: label and description. */
export async function rows(extension: Parts, row?: Row): Promise<{ readonly row: Row; readonly text: string; readonly context: string }[]> {
  const children = await extension.tree.rowsBelow(row);
  return children.map(child => {
    const item = extension.tree.itemOf(child);
    return { row: child, text: `${typeof item.label === 'string' ? item.label : ''} | ${typeof item.description === 'string' ? item.description : ''}`, context: item.contextValue ?? '' };
  });
}

/**
 * Creates folders of the workspace, the upper ones first, each once VS Code has told of the one before. Its watcher on Linux follows a new folder from
 * when it has heard of it, and never finds a folder that was put into it before that.
 */
export async function createWatched(...folders: readonly vscode.Uri[]): Promise<void> {
  const seen = new Set<string>();
  const watcher = vscode.workspace.createFileSystemWatcher('**');
  watcher.onDidCreate(uri => seen.add(uri.path));
  for (const folder of folders) {
    await vscode.workspace.fs.createDirectory(folder);
    await until(`${folder.path} to be watched`, () => seen.has(folder.path));
  }
  watcher.dispose();
}

/** Types at the beginning of a document, without saving it. */
export async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  assert.ok(document.isDirty);
}
