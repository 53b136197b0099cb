/** Recorded traffic of the real service, read from the folder beside the project. Not everybody has it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Json = Readonly<Record<string, unknown>>;

export interface Interaction {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** `null` where none was sent. */
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
}

export interface Sequence {
  /** Short and unique: the scenario, and its line in the file. */
  readonly name: string;
  /** Where it was recorded; versions of one recording share it. */
  readonly source: string;
  readonly interactions: readonly Interaction[];
}

export const RECORDINGS = 'recordings/calibration.jsonl';

export const ACTIONS = '/api/v2/actions';

/** All sequences that call the actions' endpoints, or `undefined` where the file is absent. */
export function loadSequences(): readonly Sequence[] | undefined {
  const file = fileURLToPath(new URL(`../../../../shared/${RECORDINGS}`, import.meta.url));
  if (!existsSync(file)) {
    return undefined;
  }
  return readFileSync(file, 'utf8').split('\n').filter(line => line !== '').map((line, index) => readSequence(line, index + 1)).filter(one => one.interactions.length > 0);
}

function readSequence(line: string, number: number): Sequence {
  const json = JSON.parse(line) as { readonly source: string; readonly scenario: string; readonly interactions: readonly Json[] };
  return { name: `${json.scenario.split('/').at(-1) ?? ''} (line ${number})`, source: json.source, interactions: json.interactions.map(readInteraction).filter(one => one.path.startsWith(ACTIONS)) };
}

/** One interaction as recorders, and the simulator's traffic log, write it. */
export function readInteraction(json: Json): Interaction {
  return {
    method: String(json['method']),
    path: String(json['path']),
    query: (json['query'] ?? {}) as Readonly<Record<string, string>>,
    requestBody: json['request_body'] ?? null,
    status: Number(json['status']),
    responseBody: json['response_body'] ?? null,
  };
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(value);
}
