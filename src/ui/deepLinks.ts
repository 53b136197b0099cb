/**
 * Opens what a link names. Reading an action of a connected tenant and showing it is done at once; anything else is
 * asked about first, since a link may come from anywhere.
 */
import * as vscode from 'vscode';
import type { TenantRef } from '../auth0/tenantRef.ts';
import type { Parts } from './commands/parts.ts';
import { targetNamed } from './commands/targets.ts';
import { UserError } from './errorWords.ts';
import { commands } from './ids.ts';
import { readLink } from './links.ts';
import type { Link, LinkProblem } from './links.ts';
import { ask } from './messages.ts';
import { Dismissed, run } from './run.ts';
import { short } from './texts.ts';

export class DeepLinks implements vscode.UriHandler {
  readonly #parts: () => Parts;
  readonly #ask: typeof ask;

  /** `askPerson` is how a question is put; a test answers in a person's place. */
  constructor(parts: () => Parts, askPerson: typeof ask = ask) {
    this.#parts = parts;
    this.#ask = askPerson;
  }

  /** Never rejects: what is wrong with a link is said in one notification. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    const parts = this.#parts();
    await run(parts.log, 'link', async about => {
      const link = readLink(uri);
      if (typeof link === 'string') {
        throw new UserError(problemWords(link));
      }
      const tenant = parts.state.registry.find(link.tenant) ?? (await this.#connect(parts, link));
      about.tenant = tenant;
      await open(parts, tenant, link);
    });
  }

  /** Asks about a tenant that is not connected. Connecting itself then asks for the token, with the host filled in. */
  async #connect(parts: Parts, link: Link): Promise<TenantRef> {
    const demo = link.tenant === 'demo';
    const yes = demo ? vscode.l10n.t('Open Demo Tenant') : vscode.l10n.t('Connect');
    const choice = await this.#ask(
      { name: link.tenant },
      demo ? vscode.l10n.t('A link asks to open {0} in the demo tenant, which is not open.', short(link.action)) : vscode.l10n.t('A link asks to open {0} in {1}, which is not connected.', short(link.action), link.tenant),
      demo ? vscode.l10n.t('The demo tenant is simulated on this machine.') : vscode.l10n.t('Connect only if you know {0}: you will be asked for a token or a secret, which is then sent to that host.', link.tenant),
      yes,
    );
    if (choice !== yes) {
      throw new Dismissed();
    }
    await (demo ? vscode.commands.executeCommand(commands.openDemoTenant) : vscode.commands.executeCommand(commands.connect, { url: link.tenant }));
    const tenant = parts.state.registry.find(link.tenant);
    if (tenant === undefined) {
      throw new Dismissed();
    }
    return tenant;
  }
}

async function open(parts: Parts, tenant: TenantRef, link: Link): Promise<void> {
  const { actionId } = await targetNamed(parts.state, link);
  const args = { tenant: tenant.id, action: actionId };
  if (link.version === undefined) {
    await vscode.commands.executeCommand(commands.openDraft, args);
    return;
  }
  // Read first: VS Code would only say that the document does not exist.
  await parts.documents.content({ tenantId: tenant.id, actionId, version: link.version });
  await vscode.commands.executeCommand(commands.openVersion, { ...args, version: link.version });
}

function problemWords(problem: LinkProblem): string {
  switch (problem) {
    case 'unknown': return vscode.l10n.t('A link to Actions for Auth0 is not understood, so nothing was opened. It names a tenant, an action and at most a version.');
    case 'tenant': return vscode.l10n.t('A link to Actions for Auth0 names no tenant by its domain, so nothing was opened.');
    case 'action': return vscode.l10n.t('A link to Actions for Auth0 names no action, so nothing was opened.');
    case 'version': return vscode.l10n.t('A link to Actions for Auth0 names a version that is no number, so nothing was opened.');
  }
}
