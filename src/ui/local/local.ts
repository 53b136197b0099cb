/** Files of the workspace as the drafts of actions: which action and tenant a command on a file means, and sending it there. */
import * as vscode from 'vscode';
import { saveDraft } from '../../actions/saveRun.ts';
import type { ConflictChoice, SaveOutcome } from '../../actions/saveRun.ts';
import { changesBetween } from '../../actions/comparison.ts';
import type { LocalAction } from '../../actions/local/index.ts';
import type { Action, ActionChange } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import { confirmWrite } from '../commands/confirmWrite.ts';
import { readyWith } from '../commands/deployPending.ts';
import type { Pending } from '../commands/deployPending.ts';
import type { Parts } from '../commands/parts.ts';
import { tenantOf } from '../commands/pickTenant.ts';
import { actionNamed, pickAction } from '../commands/targets.ts';
import type { Target } from '../commands/targets.ts';
import { changeLines } from '../comparisonWords.ts';
import { UserError, errorWords, isUserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { LocalFacts } from '../language/localFacts.ts';
import { ask, inform } from '../messages.ts';
import { run } from '../run.ts';
import { short } from '../texts.ts';
import { draftBeside } from './driftRows.ts';
import type { DriftView } from './driftView.ts';
import { FileStates } from './fileStates.ts';
import { LinkedFiles, folderOf, pathIn } from './linkedFiles.ts';
import type { Linked } from './linkedFiles.ts';
import { createFromFile } from './createFromFile.ts';
import { agrees, changeFrom, contentOf, takeInto } from './fileContent.ts';
import type { FileContent } from './fileContent.ts';
import { FileBases, readCode, sameCode, saveEditor } from './localFile.ts';

export interface LocalOptions {
  /** VS Code's memory of this workspace. */
  readonly memory: vscode.Memento;
  readonly digest: (text: string) => string;
}

/** A file and the action that a command on it means. */
export interface LocalTarget extends Target {
  readonly file: Linked;
  readonly pending: Pending;
}

export class Local {
  readonly facts = new LocalFacts();
  readonly linked: LinkedFiles;
  readonly bases: FileBases;
  /** How each of them differs from draft and live version. */
  readonly states: FileStates;
  /** There once a folder is open. */
  view: DriftView | undefined;
  readonly #parts: Parts;

  constructor(parts: Parts, { memory, digest }: LocalOptions) {
    this.#parts = parts;
    this.linked = new LinkedFiles(this.facts, memory);
    this.bases = new FileBases(memory, digest);
    this.states = new FileStates(parts.state, this.linked, this.bases);
  }

  /**
   * The action of a file, with the questions that takes: which action, for a file that belongs to none, and at the first
   * time which tenant its folder belongs to.
   * @param asks `false` for a call that no question may hold up.
   * @param creates whether to offer to create a described action that the tenant does not have.
   * @throws UserError for a file outside of the workspace, a tenant that is not connected, or an action that is not there;
   * Dismissed; ApiError.
   */
  async target(uri: vscode.Uri, asks = true, creates = asks && !this.#parts.unattended): Promise<LocalTarget> {
    const folder = folderOf(uri);
    if (folder === undefined) {
      throw new UserError(vscode.l10n.t('{0} is in no folder of this workspace. Open its folder first.', short(uri.path.split('/').at(-1) ?? '')));
    }
    const linked = await this.linked.of(uri);
    // Before anything is asked: what cannot be read cannot be meant.
    await readCode(linked ?? { uri, folder });
    if (linked === undefined && !asks) {
      throw new UserError(vscode.l10n.t('{0} belongs to no action. Link it first.', short(pathIn(folder, uri))));
    }
    if (linked === undefined) {
      const picked = await pickAction(this.#parts.state, vscode.l10n.t('{0} belongs to no action yet. Which one is it the code of?', short(pathIn(folder, uri))));
      const file: Linked = { uri, folder, name: picked.actionName, by: 'person' };
      void run(this.#parts.log, 'offerLink', () => this.#offerLink(file, picked));
      return this.#withPending(file, picked);
    }
    const tenant = await this.tenantFor(folder);
    const catalog = this.#parts.state.catalog(tenant.id);
    // Whoever reads the action next sees whether it still has the name.
    const action = catalog.list().items.find(one => one.name === linked.name) ?? (await actionNamed(catalog, linked.name));
    const created = action === undefined && creates ? await createFromFile(this.#parts, linked, tenant) : undefined;
    if (created !== undefined) {
      await this.bases.same(uri, tenant.id, created);
      return this.#withPending(linked, { tenant, actionId: created.id, actionName: created.name });
    }
    if (action === undefined) {
      throw new UserError(vscode.l10n.t('{0} has no action {1}, to which {2} belongs. Create it with Create Action…, or link the file to another one.', tenant.name, short(linked.name), short(pathIn(folder, uri))));
    }
    return this.#withPending(linked, { tenant, actionId: action.id, actionName: action.name });
  }

  /**
   * The action that a file belongs to, for whoever needs to know what its code may use: as the repository describes it, else
   * as its folder's tenant has it, where that is known. Asks nobody, and never rejects. With `mayRead`, for a command, it asks
   * the tenant for what was not read yet, and rejects with an ApiError where that fails.
   */
  async actionOf(uri: vscode.Uri, { mayRead = false } = {}): Promise<LocalAction | undefined> {
    const linked = await this.linked.of(uri);
    if (linked === undefined) {
      return undefined;
    }
    if (linked.described !== undefined) {
      return { ...linked.described, name: linked.name };
    }
    const { state } = this.#parts;
    const tenantId = this.linked.tenantId(linked.folder);
    if (tenantId === undefined || state.registry.find(tenantId) === undefined) {
      return undefined;
    }
    const catalog = state.catalog(tenantId);
    const action = catalog.list().items.find(({ name }) => name === linked.name) ?? (mayRead ? await actionNamed(catalog, linked.name) : undefined);
    return action === undefined ? undefined : { ...action, secrets: action.secrets.map(({ name }) => name) };
  }

  /** The tenant of a folder: asked once, and kept outside of the workspace's files. @throws UserError where it is not connected; Dismissed. */
  async tenantFor(folder: vscode.WorkspaceFolder): Promise<TenantRef> {
    const { registry } = this.#parts.state;
    const known = this.linked.tenantId(folder);
    const tenant = known === undefined ? undefined : registry.find(known);
    if (tenant !== undefined) {
      return tenant;
    }
    if (known !== undefined) {
      throw new UserError(vscode.l10n.t('The files in {0} belong to {1}, which is not connected. Connect it, or use Choose Tenant of Folder….', short(folder.name), short(known)));
    }
    if (this.#parts.unattended) {
      throw new UserError(vscode.l10n.t('Nobody has said yet to which tenant the files in {0} belong.', short(folder.name)));
    }
    return this.chooseTenant(folder);
  }

  /** Asks which tenant the files of a folder belong to. @throws as {@link tenantFor}. */
  async chooseTenant(folder: vscode.WorkspaceFolder): Promise<TenantRef> {
    const tenant = await tenantOf(this.#parts, vscode.l10n.t('To which tenant do the files in {0} belong? It is kept on this machine, not in the folder.', short(folder.name)), []);
    await this.linked.setTenant(folder, tenant.id);
    return tenant;
  }

  /** Sends a file as the draft, with the questions that takes. @throws UserError where it was not sent. */
  async push({ file, tenant, actionId }: LocalTarget): Promise<SaveOutcome> {
    await saveEditor(file.uri);
    const outcome = await this.#send(file, tenant, actionId, {
      decide: theirs => this.#decide(file, tenant, theirs),
      ...(tenant.isProtected ? { confirm: action => this.#confirm(file, tenant, action) } : {}),
    });
    const name = short(pathIn(file.folder, file.uri));
    switch (outcome.kind) {
      case 'saved':
      case 'declined': return outcome;
      case 'takeTheirs':
        await this.take(file, tenant, outcome.action);
        return outcome;
      case 'compare':
        await this.compareWithDraft(file, tenant, outcome.action);
        return outcome;
      case 'failed': throw isUserError(outcome.error) ? outcome.error : new UserError(vscode.l10n.t('{0} was not sent. {1}', name, errorWords(outcome.error, tenant.name).text));
      case 'unconfirmed': throw new UserError(vscode.l10n.t('It is not clear whether {0} has taken {1}: no answer came, and reading it back failed too. Push again when the tenant can be reached: nothing is written twice.', tenant.name, name));
    }
  }

  /** Puts what a draft holds into the file. */
  async take(file: Linked, tenant: TenantRef, action: Action): Promise<void> {
    await takeInto(file, await contentOf(file), action);
    const content = await contentOf(file);
    if (!(await this.remember(file, tenant, action, content)) && content.description !== undefined) {
      void inform(tenant, vscode.l10n.t('A pull does not write {0}, and it says something else of {1} than the draft in {2}. Change it by hand: a push sends what it says.', short(pathIn(file.folder, content.description.uri)), short(action.name), tenant.name));
    }
    this.states.forget(file.uri);
  }

  /** Remembers a draft as what a file was the same as. False where its description says something else, which a push would send without a question then. */
  async remember(file: Linked, tenant: TenantRef, action: Action, content: FileContent): Promise<boolean> {
    const isSame = agrees(content, action);
    if (isSame) {
      await this.bases.same(file.uri, tenant.id, action);
    }
    return isSame;
  }

  /** Looks anew at the workspace, and at the tenants of its folders. Never rejects: what fails is a row of the view. */
  async refresh(): Promise<void> {
    await (this.view === undefined ? this.states.look() : this.view.refresh());
  }

  /** The draft as the tenant has it on the left, the file on the right. */
  async compareWithDraft(file: Linked, tenant: TenantRef, action: Pick<Action, 'id' | 'name'>): Promise<void> {
    await vscode.commands.executeCommand('vscode.diff', ...draftBeside(file, tenant, action));
  }

  /** What of a draft a file would change. @throws UserError where the file cannot be sent. */
  async change(file: Linked, action: Action): Promise<Omit<ActionChange, 'secrets'>> {
    return changeFrom(file, await contentOf(file), action);
  }

  #withPending(file: Linked, target: Target): LocalTarget {
    const { tenant, actionId, actionName } = target;
    const pending: Pending = {
      change: async action => {
        await saveEditor(file.uri);
        const change = await this.change(file, action);
        if (Object.keys(change).length === 0) {
          await this.bases.same(file.uri, tenant.id, action);
        }
        return change;
      },
      isUnexpected: action => !this.bases.isExpected(file.uri, tenant.id, action),
      unexpected: action => this.#unexpectedWords(file, tenant, action),
      compare: action => this.compareWithDraft(file, tenant, action),
      save: async action => {
        const outcome = await this.#send(file, tenant, actionId, { decide: () => Promise.resolve('cancel'), agreed: action });
        if (outcome.kind === 'failed' || outcome.kind === 'unconfirmed') {
          throw outcome.error;
        }
        const api = await tenant.api();
        // The answer to a PATCH may be older than its build.
        const saved = outcome.kind === 'saved' ? await api.getAction(actionId) : undefined;
        if (saved === undefined || Object.keys(await this.change(file, saved)).length > 0) {
          throw new UserError(vscode.l10n.t('The draft of {0} in {1} was changed while it was being deployed. Nothing was deployed: look at the draft and deploy again.', short(action.name), tenant.name));
        }
        return saved;
      },
    };
    return { tenant, actionId, actionName, file, pending };
  }

  async #send(file: Linked, tenant: TenantRef, actionId: string, { decide, confirm, agreed }: { decide: (theirs: Action) => Promise<ConflictChoice>; confirm?: (action: Action) => Promise<boolean>; agreed?: Action }): Promise<SaveOutcome> {
    const { state, documents } = this.#parts;
    const content = await contentOf(file);
    const outcome = await saveDraft({
      api: await tenant.api(),
      actionId,
      clock: state.clock,
      random: Math.random,
      code: content.code,
      sameCode,
      rest: action => {
        const { code: _, ...rest } = changeFrom(file, content, action);
        return rest;
      },
      isExpected: action => this.bases.isExpected(file.uri, tenant.id, action) || (agreed !== undefined && this.bases.stateOf(agreed) === this.bases.stateOf(action)),
      decide,
      confirm: async action => {
        if (confirm !== undefined && !(await confirm(action))) {
          return false;
        }
        await this.bases.sending(file.uri, tenant.id, readyWith(action, changeFrom(file, content, action)).action);
        return true;
      },
      onAction: action => {
        state.catalog(tenant.id).put(action);
        documents.drafts.noticed(tenant.id, action);
      },
    });
    if (outcome.kind === 'saved') {
      await this.bases.same(file.uri, tenant.id, outcome.action);
      this.states.forget(file.uri);
    }
    return outcome;
  }

  #unexpectedWords({ folder, uri }: Linked, tenant: TenantRef, action: Action): string {
    const [name, path] = [short(action.name), short(pathIn(folder, uri))];
    return this.bases.isKnown(uri, tenant.id)
      ? vscode.l10n.t('The draft of {0} in {1} has been changed since it and {2} were last the same.', name, tenant.name, path)
      : vscode.l10n.t('The draft of {0} in {1} is not what {2} holds, and the two were never the same on this machine.', name, tenant.name, path);
  }

  async #decide(file: Linked, tenant: TenantRef, theirs: Action): Promise<ConflictChoice> {
    const choices = new Map<string, ConflictChoice>([
      [vscode.l10n.t('Compare'), 'compare'],
      [vscode.l10n.t('Overwrite Draft'), 'overwrite'],
      [vscode.l10n.t('Take Theirs'), 'takeTheirs'],
    ]);
    const detail = [
      ...changeLines(changesBetween(theirs, readyWith(theirs, await this.change(file, theirs)).action)),
      '',
      vscode.l10n.t('Compare shows both side by side; nothing is written then. Overwrite Draft replaces what the tenant has. Take Theirs puts that into the file.'),
    ].join('\n');
    return choices.get((await ask(tenant, this.#unexpectedWords(file, tenant, theirs), detail, ...choices.keys())) ?? '') ?? 'cancel';
  }

  async #confirm(file: Linked, tenant: TenantRef, action: Action): Promise<boolean> {
    const push = vscode.l10n.t('Push to Draft');
    const changes = changeLines(changesBetween(action, readyWith(action, await this.change(file, action)).action));
    const detail = [...changes, vscode.l10n.t('What is live stays as it is until the draft is deployed.')].join('\n');
    return (await confirmWrite(this.#parts, { tenant, question: vscode.l10n.t('Push {0} to the draft of {1} in {2}?', short(pathIn(file.folder, file.uri)), short(action.name), tenant.name), detail, choices: [push] })) === push;
  }

  async #offerLink(file: Linked, { tenant, actionName }: Target): Promise<void> {
    const link = vscode.l10n.t('Link');
    const answer = await inform(tenant, vscode.l10n.t('Link {0} to {1} in {2}, so that it need not be asked again?', short(pathIn(file.folder, file.uri)), short(actionName), tenant.name), link);
    if (answer === link) {
      await vscode.commands.executeCommand(commands.linkFile, { file: file.uri, action: actionName, tenant: tenant.id });
    }
  }
}
