/** Judges a round by what the simulated tenants hold afterwards, and a tree by the same. */
import type { Deployment } from '../../src/actions/deployment.ts';
import { isApiError } from '../../src/auth0/errors.ts';
import { isBuilding } from '../../src/actions/model.ts';
import type { DeployClaim, Done } from './round.ts';
import type { KeptAction, KeptVersion } from './service.ts';

/** A service gives a build up after five minutes; the extension waits six for a build, and six for a version. */
const LONGEST_MS = 14 * 60_000;
const VERSIONS_A_PAGE = 10;

/** Action, by tenant and id -> what its tenant holds. */
export type Kept = ReadonlyMap<string, KeptAction>;

/** Every way in which a round's outcomes differ from what the service has. */
export function judgeRound(done: Done, before: Kept, after: Kept): string[] {
  const wrong = [...done.broken];
  for (const [key, was] of before) {
    const is = after.get(key);
    if (is === undefined) {
      wrong.push(`${key} is gone`);
    } else {
      wrong.push(...judgeVersions(key, done, was, is), ...judgeSaves(key, done, was, is));
    }
  }
  return wrong;
}

function judgeVersions(key: string, done: Done, was: KeptAction, is: KeptAction): string[] {
  const wrong: string[] = [];
  const say = (text: string): void => void wrong.push(`${is.name}: ${text}`);
  const highest = newest(was);
  const made = is.versions.filter(version => version.number > highest);
  if (made.some((version, index) => version.number !== highest + 1 + index)) {
    say(`versions ${made.map(version => version.number).join()} after ${highest}`);
  }
  const theirs = done.theirs.get(key);
  const claims = done.deploys.filter(claim => claim.key === key && claim.deployment !== undefined);
  // One deployment may have been asked for by several; who began it knows what was meant.
  const deployments = new Map(claims.map(claim => [claim.deployment, claims.find(one => one.deployment === claim.deployment && one.wanted !== undefined) ?? claim]));
  const [least, most] = bounds([...deployments.keys()].filter(one => one !== undefined), made, theirs?.made ?? []);
  const ours = made.length - (theirs?.made.length ?? 0);
  if (ours < least || ours > most) {
    say(`${made.length} new versions, of which ${theirs?.made.length ?? 0} are somebody else's and ${least} to ${most} were told of here: ${JSON.stringify([...deployments.keys()].map(one => one?.outcome))}`);
  }
  const posts = done.writes.get(key)?.posts ?? 0;
  if (posts > deployments.size) {
    say(`${posts} calls of ${deployments.size} deployments`);
  }
  for (const [deployment, claim] of deployments) {
    if (deployment !== undefined) {
      for (const text of judgeDeployment(deployment, claim, done, was, is, made)) {
        say(text);
      }
    }
  }
  return wrong;
}

/** How many versions the deployments have made by what they say: at least, and at most. */
function bounds(deployments: readonly Deployment[], made: readonly KeptVersion[], theirs: readonly number[]): readonly [number, number] {
  let [least, most] = [0, 0];
  // The call was lost, and somebody else made the very same: that cannot be told apart, and need not be.
  const own = (version: number): number => (theirs.includes(version) && made.some(one => one.number === version) ? 0 : 1);
  for (const { outcome } of deployments) {
    switch (outcome?.kind) {
      case 'live':
        if (outcome.byOther === true) {
          // Somebody else's version; ours is the one that is named beside it.
          least += outcome.made === undefined ? 0 : 1;
          most += outcome.made === undefined ? 0 : 1;
          break;
        }
        least += own(outcome.version);
        most += 1;
        break;
      case 'failed': {
        const { reason, version } = outcome;
        const tells = reason === 'versionFailed' || reason === 'overtaken' || (reason === 'notLive' && version !== undefined);
        least += !tells ? 0 : version === undefined ? 1 : own(version);
        most += ['versionFailed', 'overtaken', 'otherContent', 'notLive'].includes(reason) ? 1 : 0;
        break;
      }
      case 'stopped':
        least += outcome.version === undefined ? 0 : 1;
        most += outcome.sent ? 1 : 0;
        break;
      default:
        least += outcome?.version === undefined ? 0 : 1;
        most += 1;
    }
  }
  return [least, most];
}

function judgeDeployment(deployment: Deployment, claim: DeployClaim, done: Done, was: KeptAction, is: KeptAction, made: readonly KeptVersion[]): string[] {
  const { outcome, startedAt, endedAt } = deployment;
  const { key, wanted, rollBack } = claim;
  if (outcome === undefined || endedAt === undefined || endedAt - startedAt > LONGEST_MS) {
    return [`a deployment has not ended in time: ${JSON.stringify(outcome)}`];
  }
  const tenantId = key.slice(0, key.indexOf('/'));
  // The bucket of requests is the tenant's: somebody else may have emptied it.
  const crowded = 'error' in outcome && isApiError(outcome.error) && outcome.error.kind === 'rateLimited' && [...done.theirs.keys()].some(other => other.startsWith(tenantId));
  const calm = !done.disturbed.has(tenantId) && !done.disturbed.has(key) && !done.theirs.has(key) && !crowded;
  if (outcome.kind === 'live') {
    // What another call had made before may have gone live only now.
    const version = (outcome.byOther === true ? is.versions.filter(one => one.number > (was.live ?? 0)) : made).find(one => one.number === outcome.version);
    return [
      ...(version === undefined ? [`v${outcome.version} is said to be live, and was not made`] : []),
      ...(version !== undefined && version.code !== wanted ? [`v${outcome.version} is said to be live, and holds something else than was meant`] : []),
      ...((is.live ?? 0) < outcome.version ? [`v${outcome.version} is said to be live, and v${String(is.live)} is`] : []),
    ];
  }
  const { version } = outcome;
  if (outcome.kind === 'failed') {
    if (outcome.reason === 'versionFailed' && made.find(one => one.number === version)?.status !== 'failed') {
      return [`v${String(version)} is said to have failed, and has not`];
    }
    // Without a number it is what no other part of the round has made.
    const others = done.deploys.filter(one => one.key === key && one.deployment !== deployment).map(one => one.deployment?.outcome);
    const live = made.find(one => one.number === is.live);
    const isTheirs = done.theirs.get(key)?.made.includes(live?.number ?? 0) === true || others.some(one => one?.version === live?.number || (one?.version === undefined && (one?.kind === 'stopped' || one?.kind === 'unconfirmed')));
    if (live !== undefined && live.code === wanted && (version === undefined ? !isTheirs : version === live.number)) {
      return [`told of as ${outcome.reason}, and v${live.number} is live with what was meant`];
    }
  }
  // Where nothing stood in the way, there is one end alone.
  const alone = done.deploys.filter(one => one.key === key).length === 1 && !done.saves.some(one => one.key === key && one.text !== wanted);
  const usable = was.status !== 'failed' && !(rollBack && outcome.kind === 'failed' && (outcome.reason === 'versionGone' || outcome.reason === 'versionUnusable'));
  return calm && alone && usable && outcome.kind !== 'stopped' ? [`a deployment that nothing disturbed ended so: ${JSON.stringify(outcome)}`] : [];
}

/** Every way in which what was looked up of an earlier round's deployment differs from what the service has. */
export function judgeLookUp({ outcome }: Deployment, wanted: string | undefined, is: KeptAction): string[] {
  const version = is.versions.find(one => one.number === outcome?.version);
  const isMeant = wanted === undefined || version?.code === wanted;
  if (outcome?.kind === 'live' && (version === undefined || !isMeant || (is.live ?? 0) < outcome.version)) {
    return [`${is.name}: v${outcome.version} was looked up as live, and v${String(is.live)} is`];
  }
  return outcome?.kind === 'failed' && version !== undefined && version.number === is.live && isMeant ? [`${is.name}: looked up as ${outcome.reason}, and v${version.number} is live`] : [];
}

function judgeSaves(key: string, done: Done, was: KeptAction, is: KeptAction): string[] {
  const saves = done.saves.filter(save => save.key === key);
  const theirs = done.theirs.get(key)?.codes ?? [];
  const rolledBack = done.deploys.filter(claim => claim.key === key && claim.rollBack && claim.wanted !== undefined).map(claim => claim.wanted);
  const tenantId = key.slice(0, key.indexOf('/'));
  const calm = !done.disturbed.has(tenantId) && !done.disturbed.has(key);
  const wrong = saves.flatMap(({ text, outcome }) => {
    const others = saves.some(save => save.text !== text) || theirs.length > 0 || rolledBack.length > 0;
    switch (outcome?.kind) {
      case undefined: return ['a save has not ended'];
      case 'saved': return is.code === text || others ? [] : ['a text that was said to be saved is not there'];
      case 'unconfirmed': return calm && !others ? ['a save that nothing disturbed is not clear'] : [];
      default: return is.code === text ? [`a save is told of as ${outcome?.kind ?? ''}, and the text is there`] : [];
    }
  });
  const patches = done.writes.get(key)?.patches ?? 0;
  if (patches > saves.length) {
    wrong.push(`${patches} calls of ${saves.length} saves`);
  }
  const known = new Set([was.code, ...saves.map(save => save.text), ...theirs, ...rolledBack]);
  if (!known.has(is.code)) {
    wrong.push('the draft holds a code that nobody has written');
  }
  return wrong.map(text => `${is.name}: ${text}`);
}

/** Lines of a tree that differ from what the tenant has. `expanded` actions have their versions below; only those of `judged` must be right, or all. */
export function judgeTree(lines: readonly string[], kept: readonly KeptAction[], expanded: readonly string[], judged?: ReadonlySet<string>): string[] {
  const wrong: string[] = [];
  let at = 1;
  for (const action of [...kept].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const line = lines[at] ?? '';
    at += 1;
    const words = line.split(' | ')[1]?.replace(/^Post Login · (?:v\d+ failed, )?/u, '').replace(/, not in any flow$/u, '');
    const counts = judged?.has(action.id) ?? true;
    if (!line.startsWith(`  ${action.name} | `) || (counts && words !== wordsOf(action))) {
      wrong.push(`the tree has "${line.trim()}", and ${action.name} is "${wordsOf(action)}"`);
    }
    const below: string[] = [];
    while (lines[at]?.startsWith('    ') === true) {
      below.push(lines[at] ?? '');
      at += 1;
    }
    if (counts && expanded.includes(action.id)) {
      wrong.push(...judgeVersionRows(action, below.map(one => one.trim()).filter(one => /^v\d+ \|/u.test(one))));
    }
  }
  return at === lines.length ? wrong : [...wrong, `the tree has ${lines.length - at} more lines than it should`];
}

function judgeVersionRows(action: KeptAction, rows: readonly string[]): string[] {
  const numbers = action.versions.map(version => version.number).reverse();
  if (rows.length < Math.min(VERSIONS_A_PAGE, numbers.length)) {
    return [`${action.name}: ${rows.length} rows of ${numbers.length} versions`];
  }
  return rows.flatMap((row, index) => {
    const version = action.versions.find(one => one.number === numbers[index]);
    const says = `v${numbers[index] ?? 0} | ${action.live === numbers[index] ? 'live · ' : version?.status === 'failed' ? 'failed · ' : ''}`;
    return version !== undefined && row.startsWith(says) && (action.live === version.number) === row.includes('live;') ? [] : [`${action.name}: a row says "${row}", and should begin with "${says}"`];
  });
}

/** What a row says of an action whose draft is not being built. */
function wordsOf({ live, status, allChangesDeployed }: KeptAction): string {
  if (isBuilding(status)) {
    return 'being built';
  }
  if (live === undefined) {
    return status === 'failed' ? 'build failed, never deployed' : 'never deployed';
  }
  if (status === 'failed') {
    return allChangesDeployed ? `v${live} live, rebuild failed` : `build failed, v${live} live`;
  }
  return allChangesDeployed ? `v${live} live` : `v${live} live, changes not deployed`;
}

function newest(action: KeptAction): number {
  return Math.max(0, ...action.versions.map(version => version.number));
}
