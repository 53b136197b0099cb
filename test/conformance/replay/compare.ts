/**
 * What was recorded against what the simulator answers. Ids and times are never equal, so each is mapped at first
 * sight, one to one: the same recorded value must be the same simulated value wherever it turns up again. That
 * compares, for instance, "deploy leaves the draft's updated_at alone" without naming it.
 */
import { isObject, isUuid } from './recordings.ts';
import type { Json } from './recordings.ts';

export type DifferenceKind = 'status' | 'keys' | 'order' | 'type' | 'value' | 'length' | 'identity' | 'time' | 'default runtime';

export interface Difference {
  readonly kind: DifferenceKind;
  /** Where in the answer, without indices: `actions[].code`. */
  readonly at: string;
  readonly recorded: unknown;
  readonly actual: unknown;
}

const TIME_KEYS = new Set(['created_at', 'updated_at', 'built_at', 'build_time']);
/** Six fraction digits in modules, up to nine everywhere else. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/u;
const MODULE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/u;

/** One-to-one, both ways. */
export class Pairs {
  readonly #actual = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  actual(recorded: string): string | undefined {
    return this.#actual.get(recorded);
  }

  recorded(actual: string): string | undefined {
    return this.#recorded.get(actual);
  }

  /** False where either is already paired with something else. */
  pair(recorded: string, actual: string): boolean {
    const known = this.#actual.get(recorded);
    const reverse = this.#recorded.get(actual);
    if (known === undefined && reverse === undefined) {
      this.#actual.set(recorded, actual);
      this.#recorded.set(actual, recorded);
      return true;
    }
    return known === actual && reverse === recorded;
  }

  copy(): Pairs {
    const copy = new Pairs();
    for (const [recorded, actual] of this.#actual) {
      copy.pair(recorded, actual);
    }
    return copy;
  }
}

/** What is known so far in a sequence. */
export interface Known {
  readonly ids: Pairs;
  readonly times: Pairs;
  /** Recorded default runtimes with the simulator's: what an action got that named none. They changed with the years. */
  readonly defaults: Map<string, string>;
  /** Modules write their times differently. */
  readonly modules: boolean;
  /** No clock in hand: a draft may be built where the recording still says `pending` or `building`. */
  readonly lenient: boolean;
}

export function compare(recorded: unknown, actual: unknown, known: Known): readonly Difference[] {
  const found: Difference[] = [];
  new Comparison(known, found).any(recorded, actual, '', '');
  return found;
}

class Comparison {
  readonly #known: Known;
  readonly #found: Difference[];

  constructor(known: Known, found: Difference[]) {
    this.#known = known;
    this.#found = found;
  }

  any(recorded: unknown, actual: unknown, at: string, key: string): void {
    if (kindOf(recorded) !== kindOf(actual)) {
      this.#note('type', at, recorded, actual);
    } else if (Array.isArray(recorded)) {
      this.#array(recorded, actual as readonly unknown[], at, key);
    } else if (isObject(recorded)) {
      this.#object(recorded, actual as Json, at);
    } else {
      this.#scalar(recorded, actual, at, key);
    }
  }

  #object(recorded: Json, actual: Json, at: string): void {
    const wanted = Object.keys(recorded);
    const got = Object.keys(actual);
    const both = wanted.filter(key => key in actual);
    if (both.length !== wanted.length || both.length !== got.length) {
      const registry = [...wanted, ...got].every(key => key === 'registry_url' || (key in recorded && key in actual));
      if (!(registry && this.#known.lenient)) {
        this.#note('keys', at, wanted.filter(key => !(key in actual)), got.filter(key => !(key in recorded)));
      }
    } else if (!at.endsWith('triggers[]') && wanted.join() !== got.join()) {
      // The order of a trigger's keys changed with the years, and in some recordings from one entry to the next.
      this.#note('order', at, wanted.join(), got.join());
    }
    for (const key of both) {
      this.any(recorded[key], actual[key], at === '' ? key : `${at}.${key}`, key);
    }
  }

  #array(recorded: readonly unknown[], actual: readonly unknown[], at: string, key: string): void {
    if (recorded.length !== actual.length) {
      this.#note('length', at, recorded.length, actual.length);
    }
    const name = (item: unknown): string => (isObject(item) ? `${String(item['name'] ?? item['id'])} ${String(item['version'])}` : String(item));
    // A finished build may return dependencies in another order; triggers come in any; runtimes are a set.
    const unordered = key === 'dependencies' || key === 'runtimes' || at === 'triggers';
    const mine = unordered ? [...recorded].sort((a, b) => (name(a) < name(b) ? -1 : 1)) : recorded;
    const theirs = unordered ? [...actual].sort((a, b) => (name(a) < name(b) ? -1 : 1)) : actual;
    mine.forEach((item, index) => {
      const other = at === 'triggers' ? theirs.find(one => name(one) === name(item)) : this.#partner(item, index, theirs);
      if (other !== undefined) {
        this.any(item, other, `${at}[]`, '');
      }
    });
  }

  /** The same place in the list, except in lists of actions, where strangers of a shared tenant may stand between. */
  #partner(item: unknown, index: number, others: readonly unknown[]): unknown {
    const id = isObject(item) && isUuid(item['id']) && 'code' in item && 'all_changes_deployed' in item ? this.#known.ids.actual(item['id']) : undefined;
    return (id === undefined ? undefined : others.find(other => isObject(other) && other['id'] === id)) ?? others[index];
  }

  #scalar(recorded: unknown, actual: unknown, at: string, key: string): void {
    if (typeof recorded === 'string' && TIME_KEYS.has(key)) {
      if (!(this.#known.modules ? MODULE_TIME : TIME).test(String(actual)) || !this.#known.times.pair(recorded, String(actual))) {
        this.#note('time', at, recorded, actual);
      }
    } else if (isUuid(recorded)) {
      if (!isUuid(actual) || !this.#known.ids.pair(recorded, actual)) {
        this.#note('identity', at, this.#known.ids.actual(recorded) ?? recorded, actual);
      }
    } else if (key === 'expires' || key === 'url') {
      if (actual === '') {
        this.#note('value', at, recorded, actual);
      }
    } else if (recorded !== actual && !(key === 'status' && this.#passing(recorded, actual))) {
      const byDefault = key === 'runtime' && this.#known.defaults.get(String(recorded)) === actual;
      this.#note(byDefault ? 'default runtime' : 'value', at, recorded, actual);
    }
  }

  #passing(recorded: unknown, actual: unknown): boolean {
    const passing = ['pending', 'building', 'retrying'];
    return this.#known.lenient && passing.includes(String(recorded)) && [...passing, 'built', 'failed'].includes(String(actual));
  }

  #note(kind: DifferenceKind, at: string, recorded: unknown, actual: unknown): void {
    this.#found.push({ kind, at, recorded, actual });
  }
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
