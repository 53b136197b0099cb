/**
 * Schemas of files of events, as documents that VS Code's JSON support reads: `auth0-actions-schema://event/post-login/v3.json`
 * for an event of that trigger and version, `…/any.json` for what all have, `…/offer.json` to offer the others.
 */
import * as vscode from 'vscode';
import type { TriggerRef } from '../auth0/api.ts';
import { FixedFiles } from './documents/fixedFiles.ts';
import type { LanguageBundle } from './language/languageFeatures.ts';

export const SCHEMA_SCHEME = 'auth0-actions-schema';

const ROOT = `${SCHEMA_SCHEME}://event`;

/** What `$schema` says in an event of an action with these triggers. */
export function schemaAddress(triggers: readonly TriggerRef[]): string {
  const [trigger] = triggers;
  // Names of a tenant or a file: whatever is no name of a trigger has no schema of its own.
  return trigger === undefined || !/^[a-z][a-z\d-]*$/u.test(trigger.id) || !/^v\d+$/u.test(trigger.version ?? 'v1') ? `${ROOT}/any.json` : `${ROOT}/${trigger.id}${trigger.version === undefined ? '' : `/${trigger.version}`}.json`;
}

export class EventSchemas extends FixedFiles implements vscode.FileSystemProvider {
  readonly #load: () => Promise<LanguageBundle>;
  /** Schemas never change while this runs. */
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]> = () => new vscode.Disposable(() => undefined);

  /** @param load gives the bundle that has the facts. */
  constructor(load: () => Promise<LanguageBundle>) {
    super();
    this.#load = load;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { byteLength } = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: byteLength, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const [, id, version] = /^\/([a-z][a-z\d-]*)(?:\/(v\d+))?\.json$/u.exec(uri.path) ?? [];
    if (uri.authority !== 'event' || id === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const bundle = await this.#load();
    return new TextEncoder().encode(id === 'offer' ? bundle.offerText() : bundle.eventSchemaText(id === 'any' ? [] : [{ id, ...(version === undefined ? {} : { version }) }]));
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
