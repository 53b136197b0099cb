/** The words for changes of an action: the question, what it shows, and what became of it. */
import { l10n } from 'vscode';
import type { ActionNameProblem } from '../actions/lifecycle.ts';
import type { Edit, EditOutcome, Loss } from '../actions/edits.ts';
import { LONGEST_SECRET_NAME, LONGEST_SECRET_VALUE } from '../actions/secrets.ts';
import type { SecretProblem } from '../actions/secrets.ts';
import type { Content } from '../auth0/api.ts';
import { errorWords } from './errorWords.ts';
import { short } from './texts.ts';
import { whenWords } from './words.ts';

/** The question before a change, with action and tenant. */
export function editQuestion(edit: Edit, action: string, tenant: string): string {
  switch (edit.kind) {
    case 'setSecrets': {
      const [only] = [...edit.values.keys()];
      return edit.values.size === 1 && only !== undefined ? l10n.t('Set the secret {0} of {1} in {2}?', short(only), action, tenant) : l10n.t('Set {0} secrets of {1} in {2}?', edit.values.size, action, tenant);
    }
    case 'removeSecret': return l10n.t('Remove the secret {0} from {1} in {2}?', short(edit.name), action, tenant);
    case 'addDependency': return l10n.t('Add the dependency {0} to {1} in {2}?', short(edit.name), action, tenant);
    case 'setDependencyVersion': return l10n.t('Change the version of the dependency {0} of {1} in {2}?', short(edit.name), action, tenant);
    case 'removeDependency': return l10n.t('Remove the dependency {0} from {1} in {2}?', short(edit.name), action, tenant);
    case 'pinModule': return l10n.t('Pin the module {0} of {1} in {2}?', short(edit.name), action, tenant);
    case 'setRuntime': return l10n.t('Change the runtime of {0} in {1}?', action, tenant);
    case 'rename': return l10n.t('Rename {0} in {1}?', action, tenant);
  }
}

/** The button that goes on with it. */
export function editButton(edit: Edit): string {
  switch (edit.kind) {
    case 'setSecrets': return l10n.t('Set');
    case 'removeSecret':
    case 'removeDependency': return l10n.t('Remove');
    case 'addDependency': return l10n.t('Add');
    case 'setDependencyVersion':
    case 'setRuntime': return l10n.t('Change');
    case 'pinModule': return l10n.t('Pin');
    case 'rename': return l10n.t('Rename');
  }
}

/** What changes, a line each. */
export function editDetail(edit: Edit, action: Content & { readonly name: string }, now: number): string {
  return [...changeLines(edit, action, now), l10n.t('The draft is built anew. What is live stays as it is until the next deploy.')].join('\n');
}

function changeLines(edit: Edit, action: Content & { readonly name: string }, now: number): readonly string[] {
  switch (edit.kind) {
    case 'setSecrets': return [
      ...[...edit.values.keys()].map(name => `${short(name)}: ${secretChange(action.secrets.find(one => one.name === name), now)}`),
      l10n.t('All other secrets keep their values.'),
    ];
    case 'removeSecret': return [l10n.t('Its value cannot be read back: whoever needs it again has to have it elsewhere.'), l10n.t('All other secrets keep their values.')];
    case 'addDependency': return [`${short(edit.name)} ${short(edit.version)}`];
    case 'setDependencyVersion': return [`${short(edit.name)}: ${short(action.dependencies.find(one => one.name === edit.name)?.version ?? '')} → ${short(edit.version)}`];
    case 'removeDependency': return [`${short(edit.name)} ${short(action.dependencies.find(one => one.name === edit.name)?.version ?? '')}`, l10n.t('Code that still requires it fails where it runs.')];
    case 'pinModule': {
      const before = action.modules.find(one => one.id === edit.moduleId)?.versionNumber;
      return [before === undefined ? `${short(edit.name)}: v${edit.number}` : `${short(edit.name)}: v${before} → v${edit.number}`];
    }
    case 'setRuntime': return [`${short(action.runtime ?? '')} → ${short(edit.runtime)}`];
    case 'rename': return [`${short(action.name)} → ${short(edit.name)}`];
  }
}

/** Whether a secret is new, and since when it has the value that is replaced. */
export function secretChange(before: { readonly updatedAt?: string } | undefined, now: number): string {
  if (before === undefined) {
    return l10n.t('new');
  }
  return before.updatedAt === undefined ? l10n.t('replaces the value it has') : l10n.t('replaces the value set {0}', whenWords(before.updatedAt, now));
}

/** A change that was made, in a few words for the status bar. */
export function editDone(edit: Edit, action: string, tenant: string): string {
  switch (edit.kind) {
    case 'setSecrets': {
      const [only] = [...edit.values.keys()];
      return edit.values.size === 1 && only !== undefined ? l10n.t('Secret {0} of {1} in {2} is set', short(only), action, tenant) : l10n.t('{0} secrets of {1} in {2} are set', edit.values.size, action, tenant);
    }
    case 'removeSecret': return l10n.t('Secret {0} of {1} in {2} is removed', short(edit.name), action, tenant);
    case 'addDependency':
    case 'setDependencyVersion': return l10n.t('{0} in {1} uses {2}', action, tenant, `${short(edit.name)} ${short(edit.version)}`);
    case 'removeDependency': return l10n.t('{0} in {1} does without {2}', action, tenant, short(edit.name));
    case 'pinModule': return l10n.t('{0} in {1} uses {2}', action, tenant, `${short(edit.name)} v${edit.number}`);
    case 'setRuntime': return l10n.t('{0} in {1} uses {2}', action, tenant, short(edit.runtime));
    case 'rename': return l10n.t('{0} in {1} is called {2} now', action, tenant, short(edit.name));
  }
}

/** Something besides the change is not what it was: who reads this can still mend it. */
export function lossWords(loss: Loss, edit: Edit, action: string, tenant: string): string {
  const names = (list: readonly string[]): string => list.map(name => short(name)).join(', ');
  return [
    l10n.t('{0}. But something else was changed at the same time.', editDone(edit, action, tenant)),
    ...(loss.gone.length === 0 ? [] : [l10n.t('Gone, and to be set again: {0}.', names(loss.gone))]),
    ...(loss.altered.length === 0 ? [] : [l10n.t('Not what it was before: {0}.', names(loss.altered))]),
  ].join(' ');
}

/** Why a change was not made, or is not known to be. */
export function editFailure(edit: Edit, outcome: Exclude<EditOutcome, { kind: 'done' | 'loss' | 'declined' }>, action: string, tenant: string): string {
  switch (outcome.kind) {
    case 'unchanged': return l10n.t('{0} in {1} is like that already. Nothing was sent.', action, tenant);
    case 'gone': return l10n.t('{0} in {1} does not have {2} any more. Nothing was sent.', action, tenant, short('name' in edit ? edit.name : ''));
    case 'there': return l10n.t('{0} in {1} has the dependency {2} already. Change its version instead.', action, tenant, short('name' in edit ? edit.name : ''));
    case 'full': return edit.kind === 'setSecrets'
      ? l10n.t('{0} in {1} would have more than {2} secrets, which is all that an action can have. Remove one first.', action, tenant, outcome.most)
      : l10n.t('{0} in {1} has {2} dependencies, which is all that an action can have. Remove one first.', action, tenant, outcome.most);
    case 'notDone': return outcome.error === undefined
      ? l10n.t('{1} answered, but {0} does not show the change. Nothing is different: try again.', action, tenant)
      : l10n.t('{0} in {1} was not changed. {2}', action, tenant, errorWords(outcome.error, tenant).text);
    case 'unknown': return l10n.t('The change of {0} was sent to {1}, but what became of it could not be found out. Refresh the action and look before you try again.', action, tenant);
  }
}

/** What is wrong with a secret's name or value, and what to do. */
export function secretProblemWords(problem: SecretProblem): string {
  switch (problem) {
    case 'noName': return l10n.t('Type a name.');
    case 'nameTooLong': return l10n.t('A name has at most {0} characters.', LONGEST_SECRET_NAME);
    case 'nameCharacters': return l10n.t('A name has no control characters, and no space at its ends.');
    case 'noValue': return l10n.t('Type a value. To take a secret away, remove it.');
    case 'valueTooLong': return l10n.t('A value has at most {0} characters.', LONGEST_SECRET_VALUE);
    case 'placeholder': return l10n.t('This is a placeholder, which a tool was to replace by the value.');
  }
}

/** What is wrong with an action's name. */
export function actionNameWords(problem: ActionNameProblem, tenant: string): string {
  switch (problem) {
    case 'empty': return l10n.t('Type a name.');
    case 'characters': return l10n.t('A name has no control characters.');
    case 'taken': return l10n.t('{0} has an action of this name already.', tenant);
  }
}
