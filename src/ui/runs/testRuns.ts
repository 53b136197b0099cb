/** Runs of the Test Explorer: one event after the other, on this machine or in the tenant, with what came of each. */
import * as vscode from 'vscode';
import { stackLines } from '../../actions/runs/stack.ts';
import type { Difference } from '../../actions/runs/verdict.ts';
import type { Parts } from '../commands/parts.ts';
import { errorWords } from '../errorWords.ts';
import { isCancelled } from '../run.ts';
import { short } from '../texts.ts';
import { differenceWords, notJudgedWords, outcomePage } from './outcomeWords.ts';
import { EventError, makeReady, runLocally, runThere } from './outcomes.ts';
import type { ReadyTarget, RunOutcome } from './outcomes.ts';
import type { KeptEvent, Subject } from './subjects.ts';
import { TestTree } from './testTree.ts';

/** How the tests are run: the profiles. */
export type RunKind = 'local' | 'debug' | 'tenant';

/** Frames of a stack that a message carries. */
const MOST_FRAMES = 50;

interface Wanted {
  readonly item: vscode.TestItem;
  readonly subject: Subject;
  readonly event: KeptEvent;
}

export class Tests extends TestTree {
  readonly #parts: Parts;
  readonly #controller: vscode.TestController;

  constructor(parts: Parts, controller: vscode.TestController) {
    super(parts, controller);
    this.#parts = parts;
    this.#controller = controller;
  }

  /** Runs what is asked for. Never rejects: what fails is a result of its test. */
  async run(kind: RunKind, request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.#controller.createTestRun(request);
    try {
      const wanted = await this.#wanted(request);
      wanted.forEach(({ item }) => run.enqueued(item));
      const ready = new Map<string, Promise<ReadyTarget>>();
      for (const one of wanted) {
        if (token.isCancellationRequested || run.token.isCancellationRequested) {
          run.skipped(one.item);
        } else {
          await this.#runOne(run, kind, one, ready, token);
        }
      }
    } catch (error) {
      this.#parts.log.error('run tests', error);
    } finally {
      run.end();
    }
  }

  /** The events of what was chosen, each once. Questions about an action come once for all its events. */
  async #wanted({ include, exclude }: vscode.TestRunRequest): Promise<readonly Wanted[]> {
    if (include === undefined) {
      await this.resolve(undefined);
    }
    const chosen: vscode.TestItem[] = [];
    if (include === undefined) {
      this.#controller.items.forEach(item => chosen.push(item));
    }
    const excluded = new Set(exclude);
    const found = new Map<string, Wanted>();
    for (const item of include ?? chosen) {
      const isAction = this.of(item)?.event === undefined;
      if (isAction) {
        await this.resolve(item);
      }
      const items: vscode.TestItem[] = isAction ? [] : [item];
      item.children.forEach(child => items.push(child));
      for (const one of excluded.has(item) ? [] : items) {
        const { subject, event } = this.of(one) ?? {};
        if (subject !== undefined && event !== undefined && !excluded.has(one)) {
          found.set(one.id, { item: one, subject, event });
        }
      }
    }
    return [...found.values()];
  }

  async #runOne(run: vscode.TestRun, kind: RunKind, { item, subject, event }: Wanted, ready: Map<string, Promise<ReadyTarget>>, token: vscode.CancellationToken): Promise<void> {
    run.started(item);
    try {
      let outcome: RunOutcome;
      if (kind === 'tenant') {
        let target = ready.get(subject.key);
        if (target === undefined) {
          target = makeReady(this.#parts, subject);
          ready.set(subject.key, target);
        }
        outcome = await runThere(this.#parts, subject, event, await target, token);
      } else {
        outcome = await runLocally(this.#parts, subject, event, { debug: kind === 'debug', token });
      }
      report(run, item, subject, outcome);
    } catch (error) {
      if (isCancelled(error)) {
        run.skipped(item);
        return;
      }
      this.#parts.log.error('run a test', error);
      const tenant = subject.draft === undefined ? subject.name : this.#parts.state.registry.find(subject.draft.tenantId)?.name ?? subject.draft.tenantId;
      const message = new vscode.TestMessage(errorWords(error, tenant).text);
      if (error instanceof EventError && event.uri !== undefined) {
        message.location = new vscode.Location(event.uri, new vscode.Position(error.line - 1, 0));
      } else if (item.parent?.range !== undefined) {
        message.location = new vscode.Location(subject.uri, item.parent.range);
      }
      run.errored(item, message);
    }
  }
}

/** Writes down what came of a run, and whether it is what was expected. */
function report(run: vscode.TestRun, item: vscode.TestItem, subject: Subject, outcome: RunOutcome): void {
  const { verdict, ms } = outcome;
  const { text } = outcomePage(outcome).done();
  run.appendOutput(`${short(subject.name)}, ${item.label}\n${text}\n`.replaceAll('\n', '\r\n'), undefined, item);
  switch (verdict.outcome) {
    case 'passed':
      run.passed(item, ms);
      return;
    case 'unknown':
      run.appendOutput(`${notJudgedWords(outcome) ?? ''}\r\n`, undefined, item);
      run.skipped(item);
      return;
    case 'failed': run.failed(item, verdict.differences.map(difference => messageOf(difference, item, subject, outcome)), ms);
  }
}

function messageOf(difference: Difference, item: vscode.TestItem, subject: Subject, outcome: RunOutcome): vscode.TestMessage {
  const { text, expected, actual } = differenceWords(difference);
  const message = expected === undefined || actual === undefined ? new vscode.TestMessage(text) : vscode.TestMessage.diff(text, expected, actual);
  const line = lineOf(difference, outcome);
  message.location = line === undefined ? new vscode.Location(subject.uri, item.parent?.range ?? new vscode.Position(0, 0)) : new vscode.Location(outcome.uri, rangeOf(outcome.code, line));
  if ('error' in difference) {
    // The first line is the error itself, or the place of a syntax error.
    const frames = stackLines(difference.error.stack, outcome.code, outcome.file).slice(0, MOST_FRAMES).filter((frame, index) => frame.text.trim() !== '' && (index > 0 || frame.line !== undefined));
    message.stackTrace = frames.map(frame => new vscode.TestMessageStackFrame(short(frame.text, 300), frame.line === undefined ? undefined : outcome.uri, frame.line === undefined ? undefined : new vscode.Position(frame.line - 1, 0)));
  }
  return message;
}

/** The line (from 1) of the code that a difference is about. */
function lineOf(difference: Difference, { errorLine }: RunOutcome): number | undefined {
  switch (difference.kind) {
    case 'missingCall': return difference.nearest?.line;
    case 'callTooEarly':
    case 'extraCall':
    case 'forbiddenCall': return difference.call.line;
    default: return errorLine;
  }
}

/** A line of code without the spaces before it. */
function rangeOf(code: string, line: number): vscode.Range {
  const text = code.split(/\r\n|\r|\n/u)[line - 1] ?? '';
  return new vscode.Range(line - 1, text.length - text.trimStart().length, line - 1, text.length);
}
