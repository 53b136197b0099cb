/** A document about a run: headings with facts below them, as lists of settings have, and links to lines of code. */
import { l10n } from 'vscode';
import type * as vscode from 'vscode';
import { stackLines } from '../../actions/runs/stack.ts';
import { plain } from '../../auth0/serviceTexts.ts';
import { short } from '../texts.ts';
import type { RunLink, RunText } from './runDocuments.ts';

/** Characters of one line: enough for a path, too few to hang an editor. */
const LONGEST = 400;
/** Lines of one part, which a tenant's code may have made as long as it likes. */
const MOST_LINES = 100;

/** Spaces before a line of a nested value. */
const DEEPEST = 40;

/** Where the code lies that a page is about. */
export interface CodePlace {
  readonly uri: vscode.Uri;
  readonly code: string;
  /** Path of the code in stacks, where it is known. */
  readonly file?: string;
}

/** One line of a list, which may lead to a line of the code (from 1), with lines below it. */
export interface RunStep {
  readonly text: string;
  readonly line?: number;
  readonly notes?: readonly string[];
}

export class RunPage {
  readonly #lines: string[] = [];
  readonly #links: RunLink[] = [];

  /** A heading with lines below it, which may hold a tenant's words. A part without lines is left out. */
  part(heading: string, facts: readonly (string | undefined)[]): this {
    const lines = facts.filter(fact => fact !== undefined && plain(fact) !== '');
    if (lines.length > 0) {
      this.#head(heading);
      lines.slice(0, MOST_LINES).forEach(line => this.#line(line ?? ''));
      this.#lines.push(...(lines.length > MOST_LINES ? ['  …'] : []));
    }
    return this;
  }

  /** The same for texts and values of the service, as they come: a text keeps its lines, everything else is shown as JSON. */
  value(heading: string, value: unknown): this {
    const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
    return this.part(heading, text.slice(0, MOST_LINES * LONGEST * 2).split(/\r\n|\r|\n/u));
  }

  /** A line of code with a link to it; `words` begins it. */
  codeLine(heading: string, words: string, { uri, code }: CodePlace, line: number): this {
    this.#head(heading);
    this.#link(words, uri, line);
    this.#lines.push(`    ${short(code.split(/\r\n|\r|\n/u)[line - 1]?.trim() ?? '', LONGEST)}`);
    return this;
  }

  /** A stack, whose lines about the code have links. */
  stack(heading: string, stack: string, place: CodePlace | undefined): this {
    if (plain(stack) === '') {
      return this;
    }
    this.#head(heading);
    for (const { text, line } of stackLines(stack, place?.code ?? '', place?.file).slice(0, MOST_LINES)) {
      if (line === undefined || place === undefined) {
        this.#line(text);
      } else {
        this.#link(short(text.trim(), LONGEST), place.uri, line, '    ');
      }
    }
    return this;
  }

  /** A list in its order, numbered; where a line of the code is known, its number leads there. */
  steps(heading: string, steps: readonly RunStep[], { uri }: CodePlace): this {
    if (steps.length === 0) {
      return this;
    }
    this.#head(heading);
    for (const [index, { text, line, notes = [] }] of steps.slice(0, MOST_LINES).entries()) {
      const first = `${index + 1}. ${short(text, LONGEST)}`;
      if (line === undefined) {
        this.#line(first);
      } else {
        this.#link(l10n.t('line {0}', line), uri, line, `  ${first}  `);
      }
      notes.forEach(note => this.#line(`   ${short(note, LONGEST)}`));
    }
    this.#lines.push(...(steps.length > MOST_LINES ? ['  …'] : []));
    return this;
  }

  done(): RunText {
    return { text: `${this.#lines.join('\n')}\n`, links: this.#links };
  }

  /** One line below a heading, with the indentation it has of its own. */
  #line(text: string): void {
    this.#lines.push(`  ${' '.repeat(Math.min(/^\s*/u.exec(text)?.[0].length ?? 0, DEEPEST))}${short(text, LONGEST)}`);
  }

  #head(heading: string): void {
    this.#lines.push(...(this.#lines.length === 0 ? [] : ['']), heading);
  }

  #link(text: string, uri: vscode.Uri, line: number, indent = '  '): void {
    this.#links.push({ line: this.#lines.length, start: indent.length, end: indent.length + text.length, target: uri.with({ fragment: `L${line}` }) });
    this.#lines.push(`${indent}${text}`);
  }
}
