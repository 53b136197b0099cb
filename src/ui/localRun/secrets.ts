/**
 * Values of secrets for runs on this machine: typed, or read from a `.env` file, and kept in this window's memory alone.
 * The tenant never tells them.
 */
import * as vscode from 'vscode';
import { choose, enter } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { pickTextFile, readText } from '../connect/questions.ts';
import { short, withoutIcons } from '../texts.ts';
import type { LocalRunner } from './access.ts';
import type { Subject } from './subject.ts';

type Values = Readonly<Record<string, string>>;

/** Address of a subject → the names that were asked for, and what was answered. */
const answered = new Map<string, { readonly asked: readonly string[]; readonly values: Values }>();

/** Forgets what was answered for a subject, so that the next run asks again. */
export function forgetSecrets(uri: vscode.Uri): void {
  answered.delete(uri.toString());
}

/** Whether values are remembered for a subject. */
export function remembersSecrets(uri: vscode.Uri): boolean {
  return answered.has(uri.toString());
}

/**
 * The values for a run. Asks once in a window, and again where names are new; without `ask` there are those that were answered before.
 * @throws Dismissed
 */
export async function secretsFor(runner: Pick<LocalRunner, 'readEnvFile'>, subject: Subject, ask: boolean): Promise<Values> {
  const known = answered.get(subject.uri.toString());
  if (!ask || subject.secrets.every(name => known?.asked.includes(name) === true)) {
    return known?.values ?? {};
  }
  const values = await askFor(runner, subject);
  answered.set(subject.uri.toString(), { asked: subject.secrets, values });
  return values;
}

interface Way extends vscode.QuickPickItem {
  read(): Promise<Values>;
}

async function askFor(runner: Pick<LocalRunner, 'readEnvFile'>, subject: Subject): Promise<Values> {
  const { secrets, about } = subject;
  const fromText = (text: string): Values => {
    const variables = runner.readEnvFile(text);
    return Object.fromEntries(secrets.flatMap(name => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    }));
  };
  const files = await envFiles(subject.uri);
  const ways: readonly Way[] = [
    ...files.map(uri => ({ label: vscode.l10n.t('Read from {0}', withoutIcons(vscode.workspace.asRelativePath(uri))), detail: vscode.l10n.t('The file is read once, and not kept'), read: async () => fromText(await readText(uri)) })),
    { label: vscode.l10n.t('Type the Values…'), detail: secrets.map(withoutIcons).join(', '), read: () => typed(subject) },
    { label: vscode.l10n.t('Choose a .env File…'), read: async () => fromText((await pickTextFile(vscode.l10n.t('Secrets of {0} for runs on this machine', short(subject.name)), vscode.l10n.t('Read'), { [vscode.l10n.t('Variables')]: ['env'], [vscode.l10n.t('All files')]: ['*'] })).text) },
    { label: vscode.l10n.t('Run without Values'), read: () => Promise.resolve({}) },
  ];
  const way = await choose<Way>(about, ways, vscode.l10n.t('Values of the secrets of {0} for runs on this machine: they stay in this window\'s memory', short(subject.name)), { ignoreFocusOut: true });
  if (way === undefined) {
    throw new Dismissed();
  }
  return way.read();
}

async function typed({ secrets, name, about }: Subject): Promise<Values> {
  const values: Record<string, string> = {};
  for (const secret of secrets) {
    const value = await enter(about, vscode.l10n.t('Value of {0} for runs of {1} on this machine', short(secret), short(name)), { password: true, prompt: vscode.l10n.t('Kept in this window\'s memory alone. Leave it empty for no value.') });
    if (value === undefined) {
      throw new Dismissed();
    }
    if (value !== '') {
      values[secret] = value;
    }
  }
  return values;
}

/** Beside the code, and at the top of the workspace's folder. */
async function envFiles(uri: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const folders = [...(uri.scheme === 'file' ? [vscode.Uri.joinPath(uri, '..')] : []), ...(vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri)];
  const files = [...new Map(folders.map(folder => vscode.Uri.joinPath(folder, '.env')).map(file => [file.toString(), file])).values()];
  const found = await Promise.all(files.map(async file => {
    try {
      return (await vscode.workspace.fs.stat(file)).type === vscode.FileType.File ? [file] : [];
    } catch {
      return [];
    }
  }));
  return found.flat();
}
