/** Marks the tab of a version with its number: draft and versions of an action all have the action's name. */
import * as vscode from 'vscode';
import { VERSION_SCHEME, readUri } from '../uris.ts';

/** VS Code shows at most two characters. */
const WIDEST = 99;

export const versionBadges: vscode.FileDecorationProvider = {
  provideFileDecoration: uri => {
    const version = uri.scheme === VERSION_SCHEME ? readUri(uri)?.version : undefined;
    if (version === undefined) {
      return undefined;
    }
    const badge = version < 10 ? `v${version}` : version <= WIDEST ? String(version) : undefined;
    return new vscode.FileDecoration(badge, vscode.l10n.t('Version {0}', version));
  },
};
