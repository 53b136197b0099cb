/** What is run: the code in a draft or a file of the workspace, and the action it belongs to. */
import * as vscode from 'vscode';
import type { Parts } from '../commands/parts.ts';
import { tenantNamed } from '../commands/targets.ts';
import { nameOf } from '../documents/shelf.ts';
import { UserError } from '../errorWords.ts';
import { noTenant } from '../messages.ts';
import type { About } from '../messages.ts';
import type { RunAddress } from '../runs/runDocuments.ts';
import type { Subject as TestedSubject } from '../runs/subjects.ts';
import { short } from '../texts.ts';
import { fileName, readUri } from '../uris.ts';

export interface Subject extends TestedSubject {
  readonly document: vscode.TextDocument;
  /** As it runs: marks of a file are replaced. */
  readonly code: string;
  readonly runtime?: string;
  readonly dependencies: readonly { readonly name: string; readonly version?: string; readonly registryUrl?: string }[];
  /** Names. */
  readonly secrets: readonly string[];
  /** The tenant of a draft. */
  readonly about: About;
  /** Absolute path that the code runs as: its own, or that of a copy, which is there while a debugger needs it. */
  readonly path: string;
  readonly isCopy: boolean;
  /** From where packages are looked for. */
  readonly roots: readonly string[];
}

/**
 * What the code in a document is, as it stands in the editor.
 * @throws UserError where it is no draft and belongs to no action, and for a file that cannot be sent to a tenant either; ApiError where its tenant does not say what its action is.
 */
export async function subjectOf(parts: Parts, uri: vscode.Uri): Promise<Subject> {
  const address = readUri(uri);
  const draft = address?.part === 'code' && address.version === undefined && address.saved === undefined ? address : undefined;
  const { action, code } = draft === undefined ? await fileOf(parts, uri) : { action: await actionOfDraft(parts, draft) };
  if (action === undefined) {
    throw new UserError(vscode.l10n.t('{0} belongs to no action that this workspace describes, and is no draft, so nothing was run. A repository of auth0-deploy-cli describes its actions in actions/*.json or tenant.yaml.', short(uri.path.split('/').at(-1) ?? '')));
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const isCopy = uri.scheme !== 'file';
  const path = isCopy ? await placeOfCopy(parts, uri, action.name) : uri.fsPath;
  return {
    key: draft === undefined ? uri.toString() : `${draft.tenantId}/${draft.actionId}`,
    uri,
    document,
    name: action.name,
    code: code ?? document.getText(),
    triggers: action.triggers,
    ...(action.runtime === undefined ? {} : { runtime: action.runtime }),
    dependencies: action.dependencies,
    secrets: action.secrets.map(one => (typeof one === 'string' ? one : one.name)),
    about: draft === undefined ? noTenant : tenantNamed(parts.state, draft.tenantId),
    ...(draft === undefined ? {} : { draft: { tenantId: draft.tenantId, actionId: draft.actionId } }),
    path,
    isCopy,
    roots: isCopy ? localFolders().map(folder => vscode.Uri.joinPath(folder, 'package.json').fsPath) : [path],
  };
}

interface FoundAction extends Pick<Subject, 'name' | 'triggers' | 'runtime' | 'dependencies'> {
  readonly secrets: readonly (string | { readonly name: string })[];
}

/** The text in the editor and what is said of its action, with marks replaced, as it would be sent. @throws UserError */
async function fileOf(parts: Parts, uri: vscode.Uri): Promise<{ readonly action?: FoundAction; readonly code?: string }> {
  const { bundle, local } = await parts.local.get();
  const action = await local.actionOf(uri, { mayRead: true });
  const linked = await local.linked.of(uri);
  if (action === undefined || linked === undefined) {
    return {};
  }
  const { text, code, description } = await bundle.contentOf(linked);
  if (lines(text) !== lines(code)) {
    throw new UserError(vscode.l10n.t('A mark in {0} stands for several lines, so breakpoints and errors would be on wrong lines. Nothing was run.', short(uri.path.split('/').at(-1) ?? '')));
  }
  const stated = description?.stated;
  // Of a description that is another action's, or is none as it would be sent, no registries are known: nothing is installed.
  return { code, action: stated !== undefined ? { ...stated.action, dependencies: stated.dependencies } : linked.described !== undefined ? { ...action, dependencies: [] } : action };
}

const lines = (text: string): number => text.split('\n').length;

async function actionOfDraft(parts: Parts, { tenantId, actionId }: RunAddress): Promise<FoundAction> {
  const tenant = tenantNamed(parts.state, tenantId);
  return parts.state.catalog(tenantId).action(actionId) ?? (await (await tenant.api()).getAction(actionId));
}

/** Folders of the workspace that lie on this machine. */
export function localFolders(): readonly vscode.Uri[] {
  return (vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri).filter(uri => uri.scheme === 'file');
}

/** Where the code of a draft has a file, in a folder that only this extension uses and that every run begins in. */
async function placeOfCopy(parts: Parts, uri: vscode.Uri, name: string): Promise<string> {
  // Debuggers read a `%` in a path as the beginning of something else.
  const folder = vscode.Uri.joinPath(parts.localRuns.storage, 'localRuns', nameOf(`${uri.authority}${uri.path}`).replaceAll('%', '_').slice(-150));
  await vscode.workspace.fs.createDirectory(folder);
  return vscode.Uri.joinPath(folder, `${fileName(name)}.js`).fsPath;
}
