/** Replays one recorded sequence over HTTP and says what came out otherwise. */
import { randomUUID } from 'node:crypto';
import { Pairs, compare } from './compare.ts';
import type { Difference, Known } from './compare.ts';
import { Preparation } from './prepare.ts';
import { ACTIONS, isObject, isUuid } from './recordings.ts';
import type { Interaction, Sequence } from './recordings.ts';
import type { Answer, Service } from './service.ts';

export interface Finding extends Difference {
  readonly sequence: string;
  /** Position in the sequence. */
  readonly index: number;
  readonly method: string;
  /** With placeholders for ids. */
  readonly path: string;
  readonly interaction: Interaction;
}

const TRIES = 60;

/** Not sent: they say something about the recorded tenant's plan and load, not about the service's behaviour. */
export function isExempt({ status, responseBody }: Interaction): boolean {
  return status === 429 || (status === 403 && isObject(responseBody) && responseBody['errorCode'] === 'feature_not_enabled');
}

/** The tenant must be empty. */
export async function replay(sequence: Sequence, service: Service): Promise<readonly Finding[]> {
  const state = { ids: new Pairs(), times: new Pairs(), defaults: new Map<string, string>() };
  const preparation = new Preparation(service, state.ids);
  const findings: Finding[] = [];
  for (const [index, interaction] of sequence.interactions.entries()) {
    if (isExempt(interaction)) {
      continue;
    }
    await preparation.before(interaction, sequence.interactions.slice(index));
    const known: Known = { ...state, modules: interaction.path.startsWith(`${ACTIONS}/modules`), lenient: service.lenient };
    const answer = await untilRecorded(interaction, service, known);
    noteDefault(interaction, answer, state.defaults);
    for (const difference of differences(interaction, answer, known)) {
      findings.push({ ...difference, sequence: sequence.name, index, method: interaction.method, path: pattern(interaction.path), interaction });
    }
  }
  return findings;
}

function noteDefault({ method, requestBody, responseBody }: Interaction, answer: Answer, defaults: Map<string, string>): void {
  if (method === 'POST' && isObject(requestBody) && 'supported_triggers' in requestBody && !('runtime' in requestBody) && isObject(responseBody) && isObject(answer.body)) {
    defaults.set(String(responseBody['runtime']), String(answer.body['runtime']));
  }
}

function differences(interaction: Interaction, answer: Answer, known: Known): readonly Difference[] {
  return answer.status === interaction.status ? compare(interaction.responseBody, answer.body, known) : [{ kind: 'status', at: '', recorded: interaction.status, actual: `${answer.status} ${JSON.stringify(answer.body)}` }];
}

/** Recorders waited for builds: a read is repeated until it shows the recorded state, a write until it is not refused. */
async function untilRecorded(interaction: Interaction, service: Service, known: Known): Promise<Answer> {
  let pause = 30;
  for (let count = 0; ; count += 1) {
    service.pass(pause);
    const answer = await service.send(interaction.method, mapped(interaction.path, known), interaction.query, mappedBody(interaction.requestBody, known));
    const trial = { ...known, ids: known.ids.copy(), times: known.times.copy() };
    const done = interaction.method === 'GET' ? waitsForNothing(differences(interaction, answer, trial)) : answer.status < 400 || interaction.status >= 400;
    if (done || count === TRIES) {
      return answer;
    }
    pause = Math.min(2000, pause * 1.2);
  }
}

/** Only what passes with time is waited for. */
function waitsForNothing(found: readonly Difference[]): boolean {
  return !found.some(({ kind, at }) => /(?:^|[.\]])status$/u.test(at) || at.endsWith('version.number') || at.endsWith('dependencies[]') || (kind === 'keys' && !at.includes('.')));
}

function mapped(path: string, { ids }: Known): string {
  return path.split('/').map(part => (isUuid(part) ? (ids.actual(part) ?? randomUUID()) : part)).join('/');
}

function mappedBody(body: unknown, known: Known): unknown {
  if (Array.isArray(body)) {
    return body.map(item => mappedBody(item, known));
  }
  if (isObject(body)) {
    return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, mappedBody(value, known)]));
  }
  return isUuid(body) ? (known.ids.actual(body) ?? body) : body;
}

function pattern(path: string): string {
  return path.slice(ACTIONS.length).split('/').map(part => (isUuid(part) ? '{id}' : part)).join('/');
}

/** How many interactions are compared. */
export function comparedCount(sequences: readonly Sequence[]): number {
  return sequences.flatMap(sequence => sequence.interactions).filter(one => !isExempt(one)).length;
}
