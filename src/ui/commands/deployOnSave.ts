/**
 * Deploys an action when a person saves its draft, where the person has asked for that. Off by default, and only the
 * user's own settings can turn it on. The deploy is the command's: what asks there asks here too.
 */
import * as vscode from 'vscode';
import { currentPhase } from '../../actions/deployment.ts';
import { commands, settings, settingsSection } from '../ids.ts';
import { flash } from '../messages.ts';
import { short } from '../texts.ts';
import type { Parts } from './parts.ts';

/** How long the status bar says that a protected tenant is left alone. */
const FLASH_MS = 6000;

type OnSaveParts = Pick<Parts, 'state' | 'log'> & { readonly documents: Pick<Parts['documents'], 'drafts'> };
interface Saved { readonly tenantId: string; readonly actionId: string; readonly uri: vscode.Uri }

export class DeployOnSave implements vscode.Disposable {
  readonly #parts: OnSaveParts;
  /** Actions that are being deployed for a save, or wait for that. */
  readonly #busy = new Set<string>();
  /** Of these, the ones whose deploy has begun. */
  readonly #deploying = new Set<string>();
  /** And the ones that were saved once more. */
  readonly #again = new Set<string>();
  /** Protected tenants that this was said of. */
  readonly #told = new Set<string>();
  readonly #stop = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(parts: OnSaveParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.documents.drafts.savedByHand.on(saved => this.#saved(saved));
  }

  #saved(saved: Saved): void {
    const tenant = this.#parts.state.registry.find(saved.tenantId);
    if (tenant === undefined || !vscode.workspace.getConfiguration(settingsSection).get<boolean>(settings.deployOnSave, false)) {
      return;
    }
    if (tenant.isProtected) {
      if (!this.#told.has(tenant.id)) {
        this.#told.add(tenant.id);
        this.#parts.log.info(`${tenant.name} is protected: nothing is deployed there on save`);
        flash(tenant, 'shield', vscode.l10n.t('{0} is protected: saving does not deploy there', short(tenant.name)), FLASH_MS);
      }
      return;
    }
    const key = `${saved.tenantId}/${saved.actionId}`;
    if (this.#busy.has(key)) {
      this.#again.add(key);
      this.#stopUnsent(key, saved);
      return;
    }
    this.#busy.add(key);
    void this.#run(key, saved)
      .catch((error: unknown) => this.#parts.log.error('deploy on save', error))
      .finally(() => {
        this.#busy.delete(key);
        this.#deploying.delete(key);
      });
  }

  /** What was begun for an earlier save and has sent nothing yet would only find that the draft has changed. */
  #stopUnsent(key: string, { tenantId, actionId }: Saved): void {
    const { deployments } = this.#parts.state;
    const running = this.#deploying.has(key) ? deployments.of(tenantId, actionId) : undefined;
    if (running !== undefined && ['reading', 'building'].includes(currentPhase(running))) {
      deployments.stop(running.id);
    }
  }

  /** One deploy after whatever is running, and one more for all saves meanwhile. */
  async #run(key: string, saved: Saved): Promise<void> {
    do {
      await this.#idle(saved);
      this.#again.delete(key);
      const { state } = this.#parts;
      const tenant = state.registry.find(saved.tenantId);
      // Protected or disconnected while it waited; or what is live holds the same already, such as after an undo.
      const isLeft = tenant === undefined || tenant.isProtected || state.catalog(tenant.id).action(saved.actionId)?.allChangesDeployed === true;
      if (!isLeft && !this.#stop.signal.aborted) {
        this.#deploying.add(key);
        await vscode.commands.executeCommand(commands.deploy, saved.uri);
        this.#deploying.delete(key);
      }
    } while (this.#again.has(key));
  }

  /** Resolves when no deployment of the action is running. */
  #idle({ tenantId, actionId }: Saved): Promise<void> {
    const { deployments } = this.#parts.state;
    return new Promise(resolve => {
      const look = (): void => {
        if (deployments.of(tenantId, actionId) === undefined) {
          off();
          resolve();
        }
      };
      const off = deployments.changed.on(look);
      look();
    });
  }

  dispose(): void {
    this.#stop.abort();
    this.#unsubscribe();
  }
}
