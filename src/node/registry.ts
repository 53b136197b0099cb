/**
 * The person's npm registry, asked for what it says of packages. Reads only. Answers are shared, kept for a while and
 * read with care: a registry is not ours, and what it says of a package was written by anybody.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { PackageFacts, PackageHit, PackageRegistry } from '../actions/packages.ts';
import type { Clock } from '../auth0/clock.ts';
import { asObject, asObjects, asText, isObject, parseJson } from '../auth0/json.ts';
import type { RawAnswer, Send } from '../auth0/requestLane.ts';
import { isThisMachine, npmConfig, npmrcPath } from './npmConfig.ts';
import type { NpmConfig } from './npmConfig.ts';
import { sendWith } from './send.ts';

/** Packages with thousands of versions have answers of some megabytes in the short form. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
const KEPT_MS = 5 * 60_000;
const MOST_KEPT = 200;
const MOST_REDIRECTS = 3;
const HITS = 25;
/** The short form: what an installation needs, without readmes. */
const SHORT_FORM = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8';
/** What npm takes for a name, old packages with capital letters included. */
const NAME = /^(?:@[a-z0-9~_-][a-z0-9~._-]*\/)?[a-z0-9~_-][a-z0-9~._-]*$/iu;
const LONGEST_NAME = 214;

export interface RegistryOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  /** For tests: the configuration, in place of the person's. */
  readonly config?: () => Promise<NpmConfig>;
  readonly send?: Send;
  readonly timeoutMs?: number;
}

/** A registry could not be asked, or answered with what cannot be used. Its message names no token and no address with a password. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

interface Kept {
  readonly at: number;
  readonly value: Promise<unknown>;
}

/** The registry of the person's own npm configuration, which is read anew whenever an answer is not kept any more. */
export function npmRegistry(options: RegistryOptions): PackageRegistry {
  const { clock } = options;
  const config = options.config ?? personsConfig;
  const send = options.send ?? sendWith(options.userAgent, LARGEST_ANSWER_BYTES);
  const kept = new Map<string, Kept>();

  /** One request for all who ask for the same; a failure is not kept. */
  const shared = async <T>(key: string, signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T> => {
    let found = kept.get(key);
    if (found === undefined || clock.now() - found.at >= KEPT_MS) {
      const made: Kept = { at: clock.now(), value: read() };
      made.value.catch(() => {
        if (kept.get(key) === made) {
          kept.delete(key);
        }
      });
      kept.delete(key);
      kept.set(key, made);
      const oldest = kept.keys().next().value;
      if (kept.size > MOST_KEPT && oldest !== undefined) {
        kept.delete(oldest);
      }
      found = made;
    }
    // Whoever gives up leaves the request to the others.
    return unlessAborted(found.value as Promise<T>, signal);
  };

  const get = async (path: string, about: string, accept: string): Promise<RawAnswer> => {
    const npm = await config();
    const base = npm.registryFor(about);
    let url = new URL(path, base);
    const deadline = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
    for (let redirects = 0; ; redirects += 1) {
      const token = npm.tokenFor(url.href);
      const answer = await send(url.href, { method: 'GET', headers: { accept, ...(token === undefined || !url.href.startsWith(base) ? {} : { authorization: `Bearer ${token}` }) }, signal: deadline });
      if (answer.status < 300 || answer.status >= 400) {
        return answer;
      }
      const location = answer.headers.get('location') ?? '';
      if (redirects >= MOST_REDIRECTS || !URL.canParse(location, url.href)) {
        throw new RegistryError('The registry redirects without end, or to no address.');
      }
      const next = new URL(location, url.href);
      if (next.protocol !== 'https:' && !(next.origin === url.origin && isThisMachine(next.hostname))) {
        throw new RegistryError('The registry redirects to an address that is not https.');
      }
      url = next;
    }
  };

  const json = async (path: string, about: string, accept: string): Promise<unknown> => {
    try {
      const answer = await get(path, about, accept);
      if (answer.status === 404) {
        return undefined;
      }
      if (answer.status !== 200) {
        throw new RegistryError(`The registry answered with status ${answer.status}.`);
      }
      const value = parseJson(await answer.text());
      if (!isObject(value)) {
        throw new RegistryError('The registry answered with something that is not JSON.');
      }
      return value;
    } catch (error) {
      if (error instanceof RegistryError) {
        throw error;
      }
      // The message of a failed request may quote its address, which can hold a password.
      const { code } = error as { readonly code?: unknown };
      throw new RegistryError(`The registry cannot be reached (${typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown'}).`);
    }
  };

  return {
    facts: async (name, signal) => {
      if (name.length > LONGEST_NAME || !NAME.test(name)) {
        return undefined;
      }
      return shared(`facts ${name}`, signal, async () => {
        const value = await json(name.replace('/', '%2f'), name, SHORT_FORM);
        return value === undefined ? undefined : readFacts(name, value);
      });
    },
    search: async (text, signal) => {
      const wanted = text.trim().slice(0, LONGEST_NAME);
      return wanted === '' ? [] : shared(`search ${wanted}`, signal, async () => {
        const value = await json(`-/v1/search?${new URLSearchParams({ text: wanted, size: String(HITS) }).toString()}`, wanted, 'application/json');
        if (value === undefined) {
          throw new RegistryError('The registry has no search.');
        }
        return readHits(value);
      });
    },
  };
}

async function personsConfig(): Promise<NpmConfig> {
  return npmConfig(process.env, await readFile(npmrcPath(process.env, homedir()), 'utf8').catch(() => ''));
}

function readFacts(name: string, value: unknown): PackageFacts {
  const json = asObject(value);
  const versions = Object.entries(asObject(json['versions'])).filter(([version, one]) => /^\d[\w.+-]{0,255}$/u.test(version) && isObject(one));
  const latest = asText(asObject(json['dist-tags'])['latest']);
  const advised = versions.flatMap(([version, one]): [string, string][] => {
    const text = asObject(one)['deprecated'];
    return typeof text === 'string' && text !== '' ? [[version, text]] : [];
  });
  return {
    name,
    versions: versions.map(([version]) => version),
    ...(latest !== undefined && versions.some(([version]) => version === latest) ? { latest } : {}),
    withInstallScript: new Set(versions.filter(([, one]) => asObject(one)['hasInstallScript'] === true).map(([version]) => version)),
    deprecated: new Map(advised),
  };
}

function readHits(value: unknown): readonly PackageHit[] {
  return asObjects(asObject(value)['objects']).map(one => asObject(one['package'])).flatMap((one): PackageHit[] => {
    const [name, version, description] = [asText(one['name']), asText(one['version']), asText(one['description'])];
    return name === undefined || !NAME.test(name) || version === undefined ? [] : [{ name, version, ...(description === undefined ? {} : { description }) }];
  }).slice(0, HITS);
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) {
    return work;
  }
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new RegistryError('Given up.'));
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
