/** The code of a linked file: reading it, writing it, and what its draft was when both were last the same. */
import * as vscode from 'vscode';
import { contentText, plainLines } from '../../actions/content.ts';
import { LARGEST_TENANT_FILE } from '../../actions/local/index.ts';
import { LARGEST_CODE } from '../../actions/local/repository.ts';
import type { Action, Content } from '../../auth0/api.ts';
import { asObject } from '../../auth0/json.ts';
import { UserError } from '../errorWords.ts';
import { Dismissed } from '../run.ts';
import { short } from '../texts.ts';
import { isPlain, pathIn } from './linkedFiles.ts';
import type { Linked } from './linkedFiles.ts';

/** The code of a file as it is in its editor, without a byte order mark. @throws as {@link readText}. */
export async function readCode(linked: Pick<Linked, 'uri' | 'folder'>): Promise<string> {
  return withoutMark(await readText(linked));
}

/** The text of a file as it is in its editor. @throws UserError where it cannot be sent: a link, no text, too large. */
export async function readText(linked: Pick<Linked, 'uri' | 'folder'>): Promise<string> {
  const { uri } = linked;
  const name = short(pathIn(linked.folder, uri));
  if (!(await isPlain(linked))) {
    throw new UserError(vscode.l10n.t('{0} is a symbolic link, or lies in a folder that is one. Its content may come from anywhere, so it is neither sent to a tenant nor written.', name));
  }
  const open = openDocument(uri);
  if (open !== undefined) {
    return open.getText();
  }
  let bytes: Uint8Array;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > (uri.path.endsWith('.yaml') ? LARGEST_TENANT_FILE : LARGEST_CODE)) {
      throw new UserError(vscode.l10n.t('{0} is too large to be the code of an action.', name));
    }
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    throw error instanceof vscode.FileSystemError ? new UserError(vscode.l10n.t('{0} cannot be read: {1}', name, error.message)) : error;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw error instanceof TypeError ? new UserError(vscode.l10n.t('{0} is not UTF-8, which is what the service takes.', name)) : error;
  }
}

/** Saves the editor of a file. @throws Dismissed where that failed, which VS Code has told. */
export async function saveEditor(uri: vscode.Uri): Promise<void> {
  const open = openDocument(uri);
  if (open?.isDirty === true && !(await open.save())) {
    throw new Dismissed();
  }
}

/** Puts a text into a file, as an edit that can be undone where the file is open. @throws UserError for a link. */
export async function writeText(linked: Pick<Linked, 'uri' | 'folder'>, code: string): Promise<void> {
  const { uri } = linked;
  if (!(await isPlain(linked))) {
    throw new UserError(vscode.l10n.t('{0} is a symbolic link, or lies in a folder that is one. Its content may come from anywhere, so it is neither sent to a tenant nor written.', short(pathIn(linked.folder, uri))));
  }
  const open = openDocument(uri);
  if (open === undefined) {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(code));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, open.validateRange(new vscode.Range(0, 0, open.lineCount, 0)), code);
  if (!(await vscode.workspace.applyEdit(edit)) || !(await open.save())) {
    throw new UserError(vscode.l10n.t('{0} could not be written in its editor. Save or close it, then try again.', short(pathIn(linked.folder, uri))));
  }
}

/** The same code, however a checkout ends its lines. */
export function sameCode(a: string, b: string): boolean {
  return plainLines(a) === plainLines(b);
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString() && !document.isClosed);
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/u, '');
}

const BASES_KEY = 'files.bases';
/** States of a draft that are remembered for a file: the last one that both had, and own ones whose answers were lost. */
const MOST_STATES = 4;
/** Between the two digests of a state. */
const BETWEEN = ' ';

/** What each file was last the same as, by the digest of the draft: a draft that is another one now was changed by somebody else. */
export class FileBases {
  readonly #memory: vscode.Memento;
  readonly #digest: (text: string) => string;

  constructor(memory: vscode.Memento, digest: (text: string) => string) {
    this.#memory = memory;
    this.#digest = digest;
  }

  /** True where the file was the same as this draft, or has sent what it holds. */
  isExpected(uri: vscode.Uri, tenantId: string, action: Action): boolean {
    return this.#states(uri, tenantId).includes(this.stateOf(action));
  }

  /** False where the file was never pulled from, or pushed to, the tenant. */
  isKnown(uri: vscode.Uri, tenantId: string): boolean {
    return this.#states(uri, tenantId).length > 0;
  }

  /** File and draft are the same now. */
  same(uri: vscode.Uri, tenantId: string, action: Content): Promise<void> {
    return this.sameState(uri, tenantId, this.stateOf(action));
  }

  /** The same for a draft of which only its {@link stateOf} is known. */
  async sameState(uri: vscode.Uri, tenantId: string, state: string): Promise<void> {
    if (state !== this.#states(uri, tenantId).join()) {
      await this.#write(uri, tenantId, [state]);
    }
  }

  /** Digests of the codes that the file and its draft were last the same as, as {@link codeDigest} makes them. */
  codes(uri: vscode.Uri, tenantId: string): readonly string[] {
    return this.#states(uri, tenantId).map(state => state.slice(state.indexOf(BETWEEN) + 1));
  }

  /** True where nothing has been changed in a file since it was last the same as a draft. `like` is that draft, where a description leaves no doubt. */
  isAsBefore(uri: vscode.Uri, tenantId: string, code: string, like: Content | undefined, isDescribed: boolean): boolean {
    return isDescribed ? like !== undefined && this.#states(uri, tenantId).includes(this.stateOf(like)) : this.codes(uri, tenantId).includes(this.codeDigest(code));
  }

  codeDigest(code: string): string {
    return this.#digest(plainLines(code));
  }

  /** A draft as digests: of all that a push replaces, and of its code. Secrets and modules are not in a file; dependencies come in any order. */
  stateOf(content: Content): string {
    return this.#digest(contentText({ ...content, code: plainLines(content.code), secrets: [], modules: [] })) + BETWEEN + this.codeDigest(content.code);
  }

  /** This is about to be sent: should its answer be lost, finding it in the draft is no conflict. */
  async sending(uri: vscode.Uri, tenantId: string, content: Content): Promise<void> {
    await this.#write(uri, tenantId, [...this.#states(uri, tenantId), this.stateOf(content)].slice(-MOST_STATES));
  }

  #states(uri: vscode.Uri, tenantId: string): readonly string[] {
    const states = asObject(asObject(this.#memory.get(BASES_KEY))[uri.toString()])[tenantId];
    return Array.isArray(states) ? states.filter(one => typeof one === 'string') : [];
  }

  async #write(uri: vscode.Uri, tenantId: string, states: readonly string[]): Promise<void> {
    const all = asObject(this.#memory.get(BASES_KEY));
    await this.#memory.update(BASES_KEY, { ...all, [uri.toString()]: { ...asObject(all[uri.toString()]), [tenantId]: states } });
  }
}
