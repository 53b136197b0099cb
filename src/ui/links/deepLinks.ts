/** Opens what a link names. What is connected is opened at once, since nothing is changed; anything else asks first. */
import * as vscode from 'vscode';
import { DEMO_TENANT } from '../../tenants/tenantRegistry.ts';
import type { Parts } from '../commands/parts.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { ask } from '../messages.ts';
import { Dismissed, run } from '../run.ts';
import { short } from '../texts.ts';
import { readLink } from './readLink.ts';
import type { Link, LinkProblem } from './readLink.ts';

export class DeepLinks implements vscode.UriHandler {
  readonly #parts: Pick<Parts, 'log' | 'state'>;

  constructor(parts: Pick<Parts, 'log' | 'state'>) {
    this.#parts = parts;
  }

  async handleUri(uri: vscode.Uri): Promise<void> {
    await run(this.#parts.log, 'link', async () => {
      const link = readLink(uri.path, uri.query);
      if (typeof link === 'string') {
        throw new UserError(problemWords(link));
      }
      const { registry } = this.#parts.state;
      if (registry.find(link.tenant) === undefined) {
        await connectFor(link);
      }
      // The person may have connected another one, or none.
      if (registry.find(link.tenant) === undefined) {
        throw new Dismissed();
      }
      await vscode.commands.executeCommand(link.version === undefined ? commands.openDraft : commands.openVersion, link);
    });
  }
}

async function connectFor(link: Link): Promise<void> {
  const demo = link.tenant === DEMO_TENANT;
  const go = demo ? vscode.l10n.t('Open Demo Tenant') : vscode.l10n.t('Connect…');
  const about = { name: link.tenant };
  const choice = await ask(
    about,
    vscode.l10n.t('A link asks to open {0} in {1}, which is not connected.', short(link.action), link.tenant),
    demo ? vscode.l10n.t('The demo tenant is simulated on this machine.') : vscode.l10n.t('Connect only a tenant that you know: links can come from anybody.'),
    go,
  );
  if (choice !== go) {
    throw new Dismissed();
  }
  await (demo ? vscode.commands.executeCommand(commands.openDemoTenant) : vscode.commands.executeCommand(commands.connect, { url: link.tenant }));
}

function problemWords(problem: LinkProblem): string {
  switch (problem) {
    case 'path': return vscode.l10n.t('This link asks for something that Actions for Auth0 does not know.');
    case 'tenant': return vscode.l10n.t('This link names no tenant: a host such as acme-dev.eu.auth0.com is expected.');
    case 'action': return vscode.l10n.t('This link names no action.');
    case 'version': return vscode.l10n.t('This link names a version that is no number.');
  }
}
