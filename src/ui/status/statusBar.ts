/** The status bar item: follows what runs, shows what ended, and is quiet otherwise. */
import * as vscode from 'vscode';
import { isRunning } from '../../actions/deployment.ts';
import type { Deployment } from '../../actions/deployment.ts';
import { commands } from '../ids.ts';
import type { AppState } from '../appState.ts';
import { needsLook, statusLook } from './statusLook.ts';

/** How long a success is shown. */
const SHOWN_MS = 8000;

export class StatusBar implements vscode.Disposable {
  readonly #state: AppState;
  #item: vscode.StatusBarItem | undefined;
  #ended: Deployment[] = [];
  #tick: NodeJS.Timeout | undefined;
  #end: NodeJS.Timeout | undefined;

  constructor(state: AppState) {
    this.#state = state;
  }

  /** A deployment has changed. */
  follow(deployment: Deployment): void {
    this.#ended = this.#ended.filter(one => one.actionId !== deployment.actionId || one.tenant.id !== deployment.tenant.id);
    if (!isRunning(deployment) && !(deployment.outcome?.kind === 'stopped' && deployment.outcome.declined === true)) {
      this.#ended.unshift(deployment);
    }
    this.update();
  }

  /** Somebody has looked at the list of deployments: failures need no more attention. */
  looked(): void {
    this.#ended = [];
    this.update();
  }

  /** Forgets what ended in a tenant that is gone. */
  forget(tenantId: string): void {
    this.#ended = this.#ended.filter(one => one.tenant.id !== tenantId);
    this.update();
  }

  update(): void {
    const now = Date.now();
    this.#ended = this.#ended.filter(one => needsLook(one) || now - (one.endedAt ?? now) < SHOWN_MS);
    const running = this.#state.deployments.running();
    const look = statusLook({ now, running, ended: this.#ended, tenants: this.#state.registry.tenants().map(tenant => tenant.name) });
    this.#schedule(running.length > 0, now);
    if (look === undefined) {
      this.#item?.hide();
      return;
    }
    const item = this.#shownItem();
    item.text = look.text;
    item.tooltip = look.tooltip.join('\n');
    item.accessibilityInformation = { label: look.spoken, role: 'button' };
    item.backgroundColor = look.background === undefined ? undefined : new vscode.ThemeColor(`statusBarItem.${look.background}Background`);
    item.show();
  }

  #shownItem(): vscode.StatusBarItem {
    if (this.#item === undefined) {
      this.#item = vscode.window.createStatusBarItem('auth0Actions.deployment', vscode.StatusBarAlignment.Left, 10);
      this.#item.name = vscode.l10n.t('Auth0 Actions deployment');
      this.#item.command = commands.showDeployments;
    }
    return this.#item;
  }

  /** A tick a second while something runs, one timer for the end of what is shown, and none otherwise. */
  #schedule(running: boolean, now: number): void {
    if (running && this.#tick === undefined) {
      this.#tick = setInterval(() => this.update(), 1000);
    } else if (!running) {
      clearInterval(this.#tick);
      this.#tick = undefined;
    }
    clearTimeout(this.#end);
    const passing = running ? [] : this.#ended.filter(one => !needsLook(one)).map(one => (one.endedAt ?? now) + SHOWN_MS - now);
    this.#end = passing.length === 0 ? undefined : setTimeout(() => this.update(), Math.max(10, Math.min(...passing)));
  }

  dispose(): void {
    clearInterval(this.#tick);
    clearTimeout(this.#end);
    this.#item?.dispose();
  }
}
