/** Secrets of an action: set one, remove one, set several from a `.env` file. Values are typed or read, sent, and forgotten. */
import * as vscode from 'vscode';
import { secretNameProblem, secretValueProblem, secretsOfFile } from '../../actions/secrets.ts';
import { MOST_SECRETS } from '../../actions/edits.ts';
import { editFailure, secretChange, secretProblemWords } from '../editWords.ts';
import { UserError } from '../errorWords.ts';
import { commands } from '../ids.ts';
import { choose, chooseSeveral, enter, inform } from '../messages.ts';
import { Dismissed } from '../run.ts';
import { escapeIcons, short, withoutIcons } from '../texts.ts';
import { whenWords } from '../words.ts';
import { pickTextFile } from '../connect/questions.ts';
import { changeAction, onAction, partNamed } from './changeAction.ts';
import type { ReadTarget } from './changeAction.ts';
import type { CommandTable, Parts } from './parts.ts';

export function secretCommands(parts: Parts): CommandTable {
  return {
    [commands.setSecret]: onAction(parts, 'setSecret', () => vscode.l10n.t('Set a secret of which action?'), async (target, args) => {
      const name = partNamed(args, 'secrets') ?? (await pickOrType(target));
      const problem = secretNameProblem(name);
      if (problem !== undefined) {
        throw new UserError(secretProblemWords(problem));
      }
      const full = target.action.secrets.length >= MOST_SECRETS && !target.action.secrets.some(one => one.name === name);
      if (full) {
        // Before a value is typed for nothing.
        const edit = { kind: 'setSecrets', values: new Map<string, string>() } as const;
        throw new UserError(editFailure(edit, { kind: 'full', action: target.action, most: MOST_SECRETS }, short(target.actionName), target.tenant.name));
      }
      await changeAction(parts, target, { kind: 'setSecrets', values: new Map([[name, await typeValue(target, name)]]) });
    }),
    [commands.removeSecret]: onAction(parts, 'removeSecret', () => vscode.l10n.t('Remove a secret of which action?'), async (target, args) => {
      const name = partNamed(args, 'secrets') ?? (await pickSecret(target, vscode.l10n.t('Remove which secret of {0} in {1}?', short(target.actionName), target.tenant.name)));
      await changeAction(parts, target, { kind: 'removeSecret', name }, true);
    }),
    [commands.setSecretsFromFile]: onAction(parts, 'setSecretsFromFile', () => vscode.l10n.t('Set secrets of which action?'), target => setFromFile(parts, target)),
  };
}

interface SecretItem extends vscode.QuickPickItem {
  /** Absent for a new one. */
  readonly name?: string;
}

function itemsOf({ action }: ReadTarget): readonly (SecretItem & { readonly name: string })[] {
  return action.secrets.map(({ name, updatedAt }) => ({ label: withoutIcons(name), description: updatedAt === undefined ? '' : vscode.l10n.t('set {0}', withoutIcons(whenWords(updatedAt, Date.now()))), name }));
}

/** One of the secrets there are, or the name of a new one. */
async function pickOrType(target: ReadTarget): Promise<string> {
  const items = itemsOf(target);
  const [action, tenant] = [short(target.actionName), target.tenant.name];
  const newOne: SecretItem = { label: `$(add) ${vscode.l10n.t('New Secret…')}`, alwaysShow: true };
  const choice = items.length === 0 ? newOne : await choose<SecretItem>(target.tenant, [newOne, ...items], vscode.l10n.t('Set which secret of {0} in {1}?', action, tenant));
  if (choice === undefined) {
    throw new Dismissed();
  }
  if (choice.name !== undefined) {
    return choice.name;
  }
  const name = await enter(target.tenant, vscode.l10n.t('New secret of {0} in {1}: name', action, tenant), {
    prompt: vscode.l10n.t('The code reads it as event.secrets and this name.'),
    validateInput: text => {
      const problem = secretNameProblem(text.trim());
      if (problem !== undefined) {
        return secretProblemWords(problem);
      }
      return target.action.secrets.some(one => one.name === text.trim()) ? { message: vscode.l10n.t('There is one of this name: its value will be replaced.'), severity: vscode.InputBoxValidationSeverity.Info } : undefined;
    },
  });
  if (name === undefined) {
    throw new Dismissed();
  }
  return name.trim();
}

async function pickSecret(target: ReadTarget, question: string): Promise<string> {
  const items = itemsOf(target);
  if (items.length === 0) {
    throw new UserError(vscode.l10n.t('{0} in {1} has no secrets.', short(target.actionName), target.tenant.name));
  }
  const choice = await choose(target.tenant, items, question);
  if (choice === undefined) {
    throw new Dismissed();
  }
  return choice.name;
}

async function typeValue({ actionName, tenant, action }: ReadTarget, name: string): Promise<string> {
  const before = action.secrets.find(one => one.name === name);
  const value = await enter(tenant, vscode.l10n.t('Secret {0} of {1} in {2}: value', short(name), short(actionName), tenant.name), {
    password: true,
    prompt: before === undefined ? vscode.l10n.t('It is sent to the tenant, kept nowhere else, and can never be read back.') : vscode.l10n.t('It replaces the value that is set now. It is sent to the tenant, kept nowhere else, and can never be read back.'),
    validateInput: text => {
      const problem = secretValueProblem(text);
      if (problem !== undefined) {
        return secretProblemWords(problem);
      }
      return text === text.trim() ? undefined : { message: vscode.l10n.t('There is a space at its beginning or end, which is kept.'), severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
  if (value === undefined) {
    throw new Dismissed();
  }
  return value;
}

async function setFromFile(parts: Parts, target: ReadTarget): Promise<void> {
  const [action, tenant] = [short(target.actionName), target.tenant.name];
  const { uri, text } = await pickTextFile(vscode.l10n.t('Set secrets of {0} in {1} from a .env file', action, tenant), vscode.l10n.t('Read'), { [vscode.l10n.t('Variables')]: ['env'], [vscode.l10n.t('All files')]: ['*'] });
  const { values, refused } = secretsOfFile(await parts.signIn.readEnvFile(text));
  const file = short(uri.path.split('/').at(-1) ?? '');
  const leftOut = refused.map(({ name, problem }) => `${short(name)}: ${secretProblemWords(problem)}`);
  if (values.size === 0) {
    throw new UserError([vscode.l10n.t('{0} holds no variable that can be a secret of {1} in {2}.', file, action, tenant), ...leftOut].join(' '));
  }
  const kept = target.action.secrets.filter(one => !values.has(one.name)).map(one => short(one.name));
  const items = [...values.keys()].map(name => ({ label: withoutIcons(name), description: escapeIcons(secretChange(target.action.secrets.find(one => one.name === name), Date.now())), picked: true, name }));
  const others = [
    ...(leftOut.length === 0 ? [] : [vscode.l10n.t('Left out: {0}', refused.map(one => short(one.name)).join(', '))]),
    ...(kept.length === 0 ? [] : [vscode.l10n.t('Stay as they are: {0}', kept.join(', '))]),
  ];
  const chosen = await chooseSeveral(target.tenant, items, others.join(' · ') || vscode.l10n.t('The file is read once, and not kept'), vscode.l10n.t('Set which secrets of {0} in {1}?', action, tenant));
  if (chosen === undefined || chosen.length === 0) {
    throw new Dismissed();
  }
  const wanted = new Set(chosen.map(one => one.name));
  await changeAction(parts, target, { kind: 'setSecrets', values: new Map([...values].filter(([name]) => wanted.has(name))) });
  if (leftOut.length > 0) {
    // Whoever counts on one of them must hear that it is not set.
    void inform(target.tenant, [vscode.l10n.t('Not set from {0} for {1} in {2}:', file, action, tenant), ...leftOut].join(' '));
  }
}
