/**
 * What is remembered of a running deployment, so that another window can find out what became of it: no code and no
 * secret, only what tells its version from any other.
 */
import { asNumber, asObject, asObjects, asText } from '../auth0/json.ts';
import type { Phase, PhaseTime } from './deployment.ts';

export interface RunRecord {
  /** Unique on this machine. */
  readonly id: string;
  readonly tenantId: string;
  readonly actionId: string;
  readonly actionName: string;
  /** For a roll back: the number of the version whose content becomes live again. */
  readonly rollBackTo?: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly phases: readonly PhaseTime[];
  /** What is to be sent, as soon as it is known: by it the version is found again. */
  readonly call?: CallRecord;
  /** The version, once the service has named it. */
  readonly version?: { readonly id: string; readonly number: number };
}

export interface CallRecord {
  /** When it left, in milliseconds since the epoch. While there is none it is still to come, unless that could not be written. */
  readonly at?: number;
  /** The highest number before it. */
  readonly before: number;
  /** Time of the service before which no version can have come from it. */
  readonly since?: string;
  readonly readAt?: string;
  /** Hash of the content that is to become live. */
  readonly hash: string;
  /** Hash of its code alone, by which a file is known again. */
  readonly codeHash?: string;
  readonly anySecretTimes?: boolean;
  readonly draftFollows?: boolean;
  /** Number of the version that was live. */
  readonly replaced?: number;
}

/** A window that runs deployments. */
export interface Owner {
  /** Unique for each start of the extension. */
  readonly window: string;
  /** Name of the machine, where its process id means something. */
  readonly host: string;
  readonly pid: number;
}

/** A record as it is kept, with the signs of life of the window that it belongs to. */
export interface StoredRun {
  readonly record: RunRecord;
  readonly owner: Owner;
  /** Another value each few seconds, for as long as the window lives. */
  readonly beat: number;
  /** The window has let go of it, in good order. */
  readonly released: boolean;
  /** Looked for in vain: another start looks again, and no window that is there already, since it would find no more. */
  readonly unclear?: true;
}

const PHASES: ReadonlySet<string> = new Set(['reading', 'building', 'deploying', 'confirming'] satisfies Phase[]);

/** Reads what was kept; `undefined` for anything that is no record. */
export function readStoredRun(json: unknown): StoredRun | undefined {
  const fields = asObject(json);
  const record = readRecord(asObject(fields['record']));
  const owner = asObject(fields['owner']);
  const window = asText(owner['window']);
  return record === undefined || window === undefined
    ? undefined
    : { record, owner: { window, host: asText(owner['host']) ?? '', pid: asNumber(owner['pid']) ?? 0 }, beat: asNumber(fields['beat']) ?? 0, released: fields['released'] === true, ...(fields['unclear'] === true ? { unclear: true } : {}) };
}

function readRecord(json: Readonly<Record<string, unknown>>): RunRecord | undefined {
  const [id, tenantId, actionId] = [asText(json['id']), asText(json['tenantId']), asText(json['actionId'])];
  const startedAt = asNumber(json['startedAt']);
  if (id === undefined || tenantId === undefined || actionId === undefined || startedAt === undefined) {
    return undefined;
  }
  const rollBackTo = asNumber(json['rollBackTo']);
  const call = readCall(asObject(json['call']));
  const version = asObject(json['version']);
  const [versionId, number] = [asText(version['id']), asNumber(version['number'])];
  return {
    id,
    tenantId,
    actionId,
    actionName: asText(json['actionName']) ?? actionId,
    ...(rollBackTo === undefined ? {} : { rollBackTo }),
    startedAt,
    phases: readPhases(json['phases']),
    ...(call === undefined ? {} : { call }),
    ...(versionId === undefined || number === undefined ? {} : { version: { id: versionId, number } }),
  };
}

function readCall(json: Readonly<Record<string, unknown>>): CallRecord | undefined {
  const [at, before] = [asNumber(json['at']), asNumber(json['before'])];
  const [since, readAt, hash] = [asText(json['since']), asText(json['readAt']), asText(json['hash'])];
  const replaced = asNumber(json['replaced']);
  const codeHash = asText(json['codeHash']);
  return before === undefined || hash === undefined
    ? undefined
    : {
      ...(at === undefined ? {} : { at }),
      before,
      hash,
      ...(since === undefined ? {} : { since }),
      ...(readAt === undefined ? {} : { readAt }),
      ...(json['anySecretTimes'] === true ? { anySecretTimes: true } : {}),
      ...(typeof json['draftFollows'] === 'boolean' ? { draftFollows: json['draftFollows'] } : {}),
      ...(replaced === undefined ? {} : { replaced }),
      ...(codeHash === undefined ? {} : { codeHash }),
    };
}

/** Phases as they were written, without those that make no sense. */
export function readPhases(json: unknown): readonly PhaseTime[] {
  return asObjects(json).flatMap(one => {
    const [phase, startedAt, endedAt] = [asText(one['phase']), asNumber(one['startedAt']), asNumber(one['endedAt'])];
    return phase === undefined || !PHASES.has(phase) || startedAt === undefined ? [] : [{ phase: phase as Phase, startedAt, ...(endedAt === undefined ? {} : { endedAt }) }];
  });
}
