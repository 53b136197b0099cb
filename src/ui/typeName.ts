/**
 * The question before a write to a protected tenant: it shows what will change, and offers to go on only once the
 * tenant's name has been typed.
 */
import * as vscode from 'vscode';
import type { TenantRef } from '../auth0/tenantRef.ts';
import { withoutIcons } from './texts.ts';
import { tenantMarks } from './words.ts';

export interface NameQuestion {
  readonly tenant: TenantRef;
  /** Names command, action and tenant. */
  readonly question: string;
  /** What will change; lines become rows of their own. */
  readonly detail: string;
  /** Ways to go on, the most careful one first. */
  readonly choices: readonly string[];
}

export interface NameItem extends vscode.QuickPickItem {
  /** Absent for what is only to be read. */
  readonly choice?: string;
}

/** Characters of a row that can be read without moving the pointer there. */
const WIDTH = 72;

/** What the list shows for a typed text: the ways to go on for the tenant's exact name, and what changes in any case. */
export function nameItems({ tenant, detail, choices }: NameQuestion, typed: string): readonly NameItem[] {
  const lines = detail.split('\n').filter(line => line.trim() !== '').flatMap(line => wrapped(line, WIDTH));
  return [
    ...(typed === tenant.name ? choices.map(choice => ({ label: `$(arrow-right) ${withoutIcons(choice)}`, choice, alwaysShow: true })) : []),
    ...lines.map(line => ({ label: withoutIcons(line), alwaysShow: true })),
  ];
}

/** A line as several that fit, broken between words; a long word is left whole. */
export function wrapped(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of line.trim().split(/\s+/u)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** Asks one such question at a time: a second list would close the first, which declines it. */
export class NameQuestions {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves to the choice, or to nothing where the question was dismissed. */
  ask(question: NameQuestion): Promise<string | undefined> {
    const answer = this.#last.then(() => show(question));
    this.#last = answer;
    return answer;
  }
}

async function show(question: NameQuestion): Promise<string | undefined> {
  const { tenant } = question;
  const pick = vscode.window.createQuickPick<NameItem>();
  const marks = tenantMarks(tenant);
  pick.title = marks.length === 0 ? question.question : `${question.question} (${marks.join(', ')})`;
  pick.placeholder = vscode.l10n.t('Type {0} to go on, or press Escape to leave everything as it is', tenant.name);
  // A tree that is drawn anew takes the focus: that is no answer.
  pick.ignoreFocusOut = true;
  const fill = (typed: string): void => {
    pick.items = nameItems(question, typed);
    const first = pick.items[0];
    pick.activeItems = first?.choice === undefined ? [] : [first];
  };
  fill('');
  pick.onDidChangeValue(fill);
  pick.show();
  const choice = await new Promise<string | undefined>(resolve => {
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0]?.choice;
      // The text may have changed since the list was filled.
      if (chosen !== undefined && pick.value === tenant.name) {
        resolve(chosen);
      }
    });
    pick.onDidHide(() => resolve(undefined));
  });
  pick.dispose();
  return choice;
}
