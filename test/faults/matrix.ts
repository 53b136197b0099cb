/**
 * Every request of a deployment and of a roll back × everything that can go wrong with it, once and for good, singly and in
 * pairs. Each outcome is judged by what the service has afterwards.
 */
import type { Outcome } from '../../src/actions/deployment.ts';
import { FAULTS } from './faultKinds.ts';
import type { Assigned, CaseRun, RequestKind, Scenario, StateAction, World } from './world.ts';

export interface FaultCase {
  readonly scenario: Scenario;
  readonly faults: readonly Assigned[];
}

/** What was wrong with a case, in words; nothing where the outcome was the truth. */
export interface Verdict {
  readonly case: FaultCase;
  readonly outcome: Outcome | undefined;
  readonly wrong: readonly string[];
  readonly versions: number;
  /** Milliseconds that the deployment took, by the service's clock. */
  readonly ms: number;
}

type Place = RequestKind | 'afterPost';

const LASTING = Number.POSITIVE_INFINITY;
const NAMES = Object.keys(FAULTS);
/** In pairs, one of each sort: what is left out differs in its words or its numbers alone. */
const IN_PAIRS = ['401', '403 scope', '404', '429 bare', '429 an hour', '500', '502 acted', '503 seconds', 'reset before', 'reset after', 'hang', 'truncated', 'page', 'other JSON acted', 'slower than waited for', 'acts late', 'acts very late', '504 acts in 20 s', 'endless body', 'unknown host', 'clock ahead', 'clock behind', 'clock 5 min ahead', 'clock 80 s ahead'];

/** The requests of each scenario, those left out that an earlier one has in the same way. */
const PLACES: Partial<Record<Scenario, readonly Place[]>> = {
  'deploy': ['read', 'poll', 'post', 'look', 'afterPost'],
  'save and deploy': ['saveRead', 'patch', 'poll'],
  'version fails': ['post', 'look', 'version'],
  'failed before': ['post'],
  'roll back': ['read', 'list', 'post', 'look', 'afterPost'],
  'roll back both': ['post', 'look'],
};

/** Places that come about only where the answer to a write is lost. */
const AFTER_LOST: readonly (readonly [Scenario, 'patch' | 'post', readonly Place[]])[] = [
  ['deploy', 'post', ['look', 'list', 'afterPost']],
  ['version fails', 'post', ['look', 'list']],
  ['failed before', 'post', ['look', 'list']],
  ['save and deploy', 'patch', ['saveLook']],
  ['roll back', 'post', ['look']],
];

const PAIRED: readonly (readonly [Scenario, readonly Place[]])[] = [
  ['deploy', ['read', 'poll', 'post', 'look', 'list']],
  ['save and deploy', ['saveRead', 'patch', 'saveLook']],
  ['version fails', ['post', 'look', 'version', 'list']],
  ['roll back', ['read', 'list', 'post', 'look']],
  ['roll back both', ['post', 'look']],
];

/** Requests after which the list of actions is read: one that is not found there is gone. */
const BEFORE_GONE: readonly (readonly [Scenario, readonly Place[]])[] = [
  ['deploy', ['read', 'poll', 'post', 'look']],
  ['roll back', ['read', 'list', 'post', 'look']],
];

/** Faults that begin only once something could be read, and last: by scenario, what they befall, and from which request on. */
const BEGINNING: readonly (readonly [Scenario, Place, readonly number[]])[] = [
  ['deploy', 'poll', [2]],
  ['deploy', 'look', [2]],
  ['deploy', 'afterPost', [2, 3]],
  ['version fails', 'afterPost', [2, 3, 10]],
  ['roll back', 'afterPost', [2]],
  ['roll back both', 'afterPost', [2]],
];

/** A write is sent once; what befalls everything after it lasts. */
function timesOf(place: Place): readonly number[] {
  return place === 'patch' || place === 'post' ? [1] : place === 'afterPost' ? [LASTING] : [1, LASTING];
}

function at(places: readonly Place[], names = NAMES): readonly Assigned[] {
  return places.flatMap(kind => names.flatMap(fault => timesOf(kind).map(times => ({ kind, fault, times }))));
}

/** Every place × every fault, once and for good. */
export function singles(): readonly FaultCase[] {
  return [
    ...(Object.entries(PLACES) as [Scenario, readonly Place[]][]).flatMap(([scenario, places]) => at(places).map((one): FaultCase => ({ scenario, faults: [one] }))),
    ...BEGINNING.flatMap(([scenario, kind, froms]) => froms.flatMap(from => IN_PAIRS.map((fault): FaultCase => ({ scenario, faults: [{ kind, fault, times: LASTING, from }] })))),
  ];
}

/** Every fault after a write whose answer was lost, and of the list behind an action that is not found; and every two places of a scenario × every two sorts of faults. */
export function pairs(): readonly FaultCase[] {
  const afterLost = AFTER_LOST.flatMap(([scenario, kind, places]) =>
    ['reset before', 'reset after'].flatMap(fault => at(places).map((second): FaultCase => ({ scenario, faults: [{ kind, fault, times: 1 }, second] }))));
  const notFound = BEFORE_GONE.flatMap(([scenario, places]) => places.flatMap(kind => at(['actions']).map((second): FaultCase => ({ scenario, faults: [{ kind, fault: '404', times: kind === 'post' ? 1 : LASTING }, second] }))));
  // Looks work for a while, and show nothing of a call that was lost.
  const lostLater = ['reset before', 'reset after', '504 acts in 20 s', 'acts very late'].flatMap(fault => IN_PAIRS.flatMap(second => [2, 4, 40].map((from): FaultCase => ({
    scenario: 'deploy', faults: [{ kind: 'post', fault, times: 1 }, { kind: 'afterPost', fault: second, times: LASTING, from }],
  }))));
  const paired = PAIRED.flatMap(([scenario, places]) =>
    places.flatMap((first, index) => places.slice(index + 1).flatMap(second => IN_PAIRS.flatMap(a => IN_PAIRS.map((b): FaultCase => ({
      scenario, faults: [{ kind: first, fault: a, times: pairedTimes(scenario, first) }, { kind: second, fault: b, times: pairedTimes(scenario, second) }],
    }))))));
  return [...afterLost, ...notFound, ...lostLater, ...paired];
}

/** For good is what shows the most; but a read before the call that fails for good ends the run, and the second fault would have no place. */
function pairedTimes(scenario: Scenario, place: Place): number {
  return ['read', 'saveRead', 'poll', 'patch', 'post'].includes(place) || (scenario === 'roll back' && place === 'list') ? 1 : LASTING;
}

/** The same `count` of a list for the same seed. */
export function chosen<T>(list: readonly T[], count: number, seed: number): readonly T[] {
  let state = seed;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648);
  return list.map(one => ({ one, at: next() })).sort((a, b) => a.at - b.at).slice(0, count).map(({ one }) => one);
}

/** Runs one case and judges it. */
export async function judged(world: World, one: FaultCase): Promise<Verdict> {
  const unhandled = world.unhandled.length;
  const result = await world.run(one.scenario, one.faults);
  const wrong = [...judge(result), ...(world.unhandled.length > unhandled ? ['a rejection that nobody handled'] : [])];
  return { case: one, outcome: result.deployment.outcome, wrong, versions: result.after.versions.length - result.before.versions.length, ms: result.endedAt - result.began };
}

/** In one line, as a failure names it. */
export function named({ scenario, faults }: FaultCase): string {
  return `${scenario}: ${faults.map(({ kind, fault, times, from }) => `${fault} at ${kind}${times === 1 ? '' : ` × ${times}`}${from === undefined ? '' : ` from ${from}`}`).join(', ')}`;
}

/** What the outcome of a run says that the service does not have. */
export function judge(run: CaseRun): readonly string[] {
  const made = run.after.versions.length - run.before.versions.length;
  return [
    ...(run.sent.post > 1 ? [`the call was sent ${run.sent.post} times`] : []),
    ...(run.sent.patch > 1 ? [`the PATCH was sent ${run.sent.patch} times`] : []),
    ...(made > 1 ? [`${made} versions`] : []),
    ...judgeSave(run),
    ...judgeOutcome(run, made),
    ...judgeTimes(run),
  ];
}

/** Saving says of itself whether the service holds the code; that it does not know only where no read worked. */
function judgeSave({ saved, after, meant, calls }: CaseRun): readonly string[] {
  const holds = after.code === meant;
  const patched = calls.findIndex(call => call.name === 'updateAction');
  const reads = calls.slice(patched + 1).filter(call => call.name === 'getAction');
  switch (saved) {
    case undefined: return [];
    case 'saved': return holds ? [] : ['saved, but the draft is another'];
    case 'failed': return holds ? ['not saved, but the draft is that'] : [];
    case 'unconfirmed': return patched >= 0 && reads.length > 0 && reads.every(call => !call.ok) ? [] : ['not known whether it is saved, but something could be read'];
    default: return [`saving ended as ${saved}`];
  }
}

function judgeOutcome({ deployment: { outcome }, faults, before, after, meant, calls, sent, endedAt }: CaseRun, made: number): readonly string[] {
  const live = liveOf(after);
  const wrong: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) {
      wrong.push(`${outcome?.kind ?? 'no outcome'}, but ${what}`);
    }
  };
  const calledAt = calls.findIndex(call => call.name.startsWith('deploy'));
  const reads = calledAt < 0 ? [] : calls.slice(calledAt + 1);
  switch (outcome?.kind) {
    case 'live':
      must(live?.number === outcome.version, `v${live?.number ?? 0} is live`);
      must(live?.code === meant, 'what is live is not what was meant');
      must(made === 1 && outcome.byOther === undefined, `${made} versions were made`);
      must(outcome.draftFollows !== true || after.code === meant, 'the draft is another');
      must(outcome.draftFollows !== false || after.code !== meant || !reads.some(call => call.name === 'getAction' && call.ok), 'the draft follows');
      break;
    case 'failed':
      // What was live before still is: every failure says so, or says nothing of it.
      must(live?.number === liveOf(before)?.number, `v${live?.number ?? 0} went live`);
      must(outcome.live === undefined ? outcome.reason === 'unreachable' && outcome.nothingLive === undefined : outcome.live === live?.number && outcome.otherLive === undefined, `v${live?.number ?? 0} is live, and not v${outcome.live ?? 0}`);
      wrong.push(...judgeReason(outcome, after, made, sent.post).map(what => `${outcome.reason}, but ${what}`));
      break;
    case 'unconfirmed':
      must(sent.post === 1, 'nothing was sent');
      // A fault that begins later lets the first looks work: they must have shown nothing final, and the last ones have failed.
      must(reads.length > 0 && (faults.some(({ from }) => from !== undefined) ? reads.slice(-LAST_READS) : reads).every(call => !call.ok), 'something could be read');
      must(endedAt - (calls[calledAt]?.endedAt ?? endedAt) >= 59_000, 'the deadline had not come');
      break;
    default:
      must(false, 'nobody stopped it');
  }
  return wrong;
}

function judgeReason(outcome: Outcome & { kind: 'failed' }, after: StateAction, made: number, posts: number): readonly string[] {
  const version = after.versions.at(-1);
  switch (outcome.reason) {
    case 'unreachable': return made === 0 ? [] : [`${made} versions were made`];
    case 'refused':
    case 'notDeployed': return posts === 1 && made === 0 ? [] : [`${made} versions were made`];
    case 'notLive': return posts === 1 ? [] : ['nothing was sent'];
    case 'versionFailed': return made === 1 && version?.status === 'failed' && version.number === outcome.version && version.id === outcome.versionId && version.errors?.length === outcome.errors.length ? [] : [`${made} versions were made, the last is ${version?.status ?? 'none'}`];
    default: return ['that did not happen'];
  }
}

function liveOf(state: StateAction): StateAction['versions'][number] | undefined {
  return state.versions.find(version => version.number === state.live_version_number);
}

/** A look reads once at least, and three are made after a deadline. */
const LAST_READS = 3;
const MINUTE = 60_000;
/** What goes on after a deadline: no longer than a request may take. */
const LATE_MS = 30_000;
/** A read that is never answered: three attempts, and the pauses between them. Where the rate limit asks for an hour, each attempt waits for a minute. */
const CALL_MS = 95_000;
const HELD_BACK_MS = 215_000;

/** Each phase has its deadline, and ends soon after that, whatever is under way. */
function judgeTimes({ scenario, faults, phases }: CaseRun): readonly string[] {
  const has = (fault: string, ...at: readonly Place[]): boolean => faults.some(one => one.fault === fault && (at.length === 0 || at.includes(one.kind)));
  const call = has('429 an hour') ? HELD_BACK_MS : CALL_MS;
  // A token that has ended is waited for as long as a build; and one look more waits for the end of a rate limit that another read was told of.
  const confirming = (has('401') ? 6 * MINUTE : MINUTE) + (has('429 an hour', 'version', 'list', 'afterPost') ? MINUTE : 0);
  const longest = {
    // Saving reads, sends, looks for a minute, and reads what it saved.
    reading: scenario === 'save and deploy' ? 4 * call + 2 * MINUTE : call,
    building: 6 * MINUTE + LATE_MS,
    deploying: 2 * MINUTE,
    confirming: confirming + LATE_MS,
  };
  return phases.filter(({ phase, ms }) => ms > longest[phase]).map(({ phase, ms }) => `${phase} took ${Math.round(ms / 1000)} s`);
}
