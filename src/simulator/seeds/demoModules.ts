/** The demo's modules: two that actions pin, one of them with changes that are not published, and one that is new. */
import type { Module, ModuleContent, Secret } from '../model.ts';
import { ago, idOf } from './build.ts';

interface ModuleSeed {
  readonly name: string;
  /** Contents of the versions, the oldest first. */
  readonly versions: readonly Partial<ModuleContent>[];
  /** Where it is another than the last version. */
  readonly draft?: Partial<ModuleContent>;
  /** Days before now: of the module, then between its versions. */
  readonly since: number;
  readonly every: number;
}

export function demoModules(now: number): Map<string, Module> {
  const secret = (name: string, days: number): Secret => ({ name, value: `demo-${name}`, updatedAt: ago(now, days) });
  const seeds: readonly ModuleSeed[] = [
    { name: 'profile-rules', versions: [1, 2, 3].map(number => ({ code: profileRules(number), ...(number < 3 ? {} : { dependencies: [{ name: 'validator', version: '13.12.0' }] }) })), since: 44, every: 12 },
    { name: 'http-retry', versions: [1, 2, 3, 4, 5].map(number => ({ code: httpRetry(number) })), draft: { code: httpRetry(6) }, since: 70, every: 11 },
    { name: 'feature-flags', versions: [], draft: { code: featureFlags(), secrets: [secret('FLAGS_TOKEN', 0.4)] }, since: 0.5, every: 1 },
  ];
  return new Map(seeds.map(seed => makeModule(seed, now)).map(module => [module.id, module]));
}

function makeModule(seed: ModuleSeed, now: number): Module {
  const contentOf = (part: Partial<ModuleContent> | undefined): ModuleContent => ({ code: '', dependencies: [], secrets: [], ...part });
  const versions = seed.versions.map((content, index) => ({ id: idOf(`module ${seed.name} v${index + 1}`), number: index + 1, content: contentOf(content), createdAt: ago(now, seed.since - 0.1 - index * seed.every) }));
  return {
    id: idOf(`module ${seed.name}`),
    name: seed.name,
    createdAt: ago(now, seed.since),
    updatedAt: ago(now, seed.draft === undefined ? seed.since - 0.09 - (versions.length - 1) * seed.every : 0.3),
    draft: contentOf(seed.draft ?? seed.versions.at(-1)),
    versions,
    nextNumber: versions.length + 1,
  };
}

function profileRules(version: number): string {
  const trim = version < 2 ? 'profile' : "Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined && value !== ''))";
  const seats = version < 3 ? '' : '\n  if (validator.isInt(String(result.seats))) {\n    result.seats = Number(result.seats);\n  }';
  return `${version < 3 ? '' : "const validator = require('validator');\n\n"}/** One shape of profile for every application. */\nexports.normalise = (profile) => {\n  const result = { plan: 'free', ...${trim} };${seats}\n  return result;\n};\n`;
}

function httpRetry(version: number): string {
  const pause = version < 3 ? '250' : '250 * 2 ** attempt';
  const limit = version < 2 ? '' : '\n      if (error.response && error.response.status < 500) {\n        throw error;\n      }';
  const last = version < 6 ? '' : "\n  console.log('gave up', last.message);";
  return `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n\n/** Work that is repeated where that may help. */\nexports.withRetry = async (work, attempts = ${version < 5 ? 2 : 3}) => {\n  let last;\n  for (let attempt = 0; attempt < attempts; attempt += 1) {\n    try {\n      return await work();\n    } catch (error) {${limit}\n      last = error;\n      await wait(${pause});\n    }\n  }${last}\n  throw last;\n};\n`;
}

function featureFlags(): string {
  return "const CACHE_MS = 60_000;\n\nexports.isOn = async (flag, event, api) => {\n  const cached = api.cache.get(`flag-${flag}`);\n  if (cached) {\n    return cached.value === 'on';\n  }\n  const response = await fetch(`https://flags.acme.example/v1/${flag}?user=${event.user.user_id}`, {\n    headers: { authorization: `Bearer ${process.env.FLAGS_TOKEN}` },\n  });\n  const { on } = await response.json();\n  api.cache.set(`flag-${flag}`, on ? 'on' : 'off', { ttl: CACHE_MS });\n  return on;\n};\n";
}
