/** What differs between two contents in words, and everything of a content but its code as a document that compares well. */
import { l10n } from 'vscode';
import type { Change, Scope } from '../actions/comparison.ts';
import type { Content } from '../auth0/api.ts';
import { short } from './texts.ts';

/** Names and versions in a line of a question, which is read at a glance. */
const NAME = 60;
const VERSION = 30;
/** The same with the registry that a dependency names: its host is to be seen. */
const WITH_REGISTRY = 120;
/** The same in a document, where lines may be long. */
const LONG = 300;

/** One changed fact as one short line. */
export function changeWords(change: Change): string {
  const cut = (text = ''): string => short(text, text.includes('://') ? WITH_REGISTRY : VERSION);
  const version = (text: string | undefined): string => cut(text) || '?';
  switch (change.part) {
    case 'code': return change.lines === undefined ? l10n.t('code changed throughout') : l10n.t('lines of code: {0} added, {1} removed', change.lines.added, change.lines.removed);
    case 'runtime': return l10n.t('runtime {0} → {1}', version(change.from), version(change.to));
    case 'secrets': return secretWords(change.kind, short(change.name, NAME));
    case 'triggers':
    case 'dependencies':
    case 'modules': {
      const name = short(change.name, NAME);
      switch (change.kind) {
        case 'added': return addedWords(change.part, `${name} ${cut(change.to)}`.trim());
        case 'removed': return removedWords(change.part, `${name} ${cut(change.from)}`.trim());
        case 'changed': return changedWords(change.part, name, version(change.from), version(change.to));
      }
    }
  }
}

/** The first few changes as lines of a list; the last line counts the others. */
export function changeLines(changes: readonly Change[], most = 8): readonly string[] {
  const lines = changes.map(changeWords);
  const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), l10n.t('and {0} more', lines.length - most + 1)];
  return shown.map(line => `• ${line}`);
}

type Versioned = 'triggers' | 'dependencies' | 'modules';

function addedWords(part: Versioned, thing: string): string {
  switch (part) {
    case 'triggers': return l10n.t('trigger {0} added', thing);
    case 'dependencies': return l10n.t('dependency {0} added', thing);
    case 'modules': return l10n.t('module {0} added', thing);
  }
}

function removedWords(part: Versioned, thing: string): string {
  switch (part) {
    case 'triggers': return l10n.t('trigger {0} removed', thing);
    case 'dependencies': return l10n.t('dependency {0} removed', thing);
    case 'modules': return l10n.t('module {0} removed', thing);
  }
}

function changedWords(part: Versioned, name: string, from: string, to: string): string {
  switch (part) {
    case 'triggers': return l10n.t('trigger {0} {1} → {2}', name, from, to);
    case 'dependencies': return l10n.t('dependency {0} {1} → {2}', name, from, to);
    case 'modules': return l10n.t('module {0} {1} → {2}', name, from, to);
  }
}

function secretWords(kind: 'added' | 'removed' | 'replaced', name: string): string {
  switch (kind) {
    case 'added': return l10n.t('secret {0} added', name);
    case 'removed': return l10n.t('secret {0} removed', name);
    case 'replaced': return l10n.t('secret {0} replaced', name);
  }
}

/**
 * Everything of a content but its code as plain text: a heading for each part, below it sorted facts, one a line, and
 * nothing that differs where {@link Change}s of this scope do not. A part that is empty has a line too, so that a
 * comparison shows what came into it.
 */
export function settingsText(content: Content, scope: Scope): string {
  const value = (text: string | undefined): string => short(text ?? '', LONG);
  const secret = (name: string, updatedAt: string | undefined): string => (scope === 'acrossTenants' || updatedAt === undefined ? name : l10n.t('{0}, set {1}', name, timeOf(updatedAt)));
  return [
    section(l10n.t('Runtime'), [value(content.runtime)]),
    section(l10n.t('Trigger'), content.triggers.map(one => `${value(one.id)} ${value(one.version)}`)),
    section(l10n.t('Dependencies'), content.dependencies.map(one => `${value(one.name)} ${value(one.version)}`)),
    section(l10n.t('Modules'), content.modules.map(one => `${value(one.name)} ${one.versionNumber === undefined ? (scope === 'acrossTenants' ? '' : value(one.versionId)) : `v${one.versionNumber}`}`)),
    section(l10n.t('Secrets'), content.secrets.map(one => secret(value(one.name), one.updatedAt))),
  ].join('\n');
}

function section(heading: string, facts: readonly string[]): string {
  const lines = facts.map(fact => fact.trim()).filter(fact => fact !== '').sort();
  return [heading, ...(lines.length === 0 ? ['–'] : lines).map(line => `  ${line}`), ''].join('\n');
}

/** A time of the service, which is in UTC, to the millisecond: minutes would hide that a secret was replaced twice. */
function timeOf(time: string): string {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)T([\d:]{8}(?:\.\d{1,3})?)\d*Z$/u.exec(time) ?? [];
  return day === undefined || clock === undefined ? short(time, LONG) : `${day} ${clock} UTC`;
}
