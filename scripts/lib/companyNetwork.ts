// A company's network for the host tests: tenants that only a proxy with a password can reach, behind certificates of a private authority.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority, makeServerCertificate } from '../../test/support/certificates.ts';
import type { Pair } from '../../test/support/certificates.ts';
import { startProxy } from '../../test/support/proxy.ts';
import { registerSecret } from '../../test/support/secrets.ts';
import { startTestSimulator } from '../../test/support/simulator.ts';
import type { RunningSimulator } from '../../src/simulator/index.ts';

export interface CompanyNetwork {
  /** Of VS Code, as a person would write them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of VS Code's process, and for the tests. */
  readonly env: Readonly<Record<string, string>>;
  /** The tenant that is in order. */
  readonly simulator: RunningSimulator;
  close(): Promise<void>;
}

/** The tenant that is in order is `acme-dev`; the others are named after what is wrong with their certificate. */
const host = (name: string): string => `${name}.eu.auth0.test`;

/** Starts the tenants and the proxy. The authority's certificate goes into `folder`. */
export async function startCompanyNetwork(folder: string): Promise<CompanyNetwork> {
  const [authority, stranger] = await Promise.all([makeAuthority('Company authority'), makeAuthority('Unknown authority')]);
  const certificates: Readonly<Record<string, Pair>> = {
    [host('acme-dev')]: await makeServerCertificate(host('acme-dev'), authority),
    [host('unknown-leaf')]: await makeServerCertificate(host('unknown-leaf'), stranger),
    [host('unknown-chain')]: await makeServerCertificate(host('unknown-chain'), stranger, { wholeChain: true }),
    [host('expired')]: await makeServerCertificate(host('expired'), authority, { days: -2 }),
    [host('other-name')]: await makeServerCertificate('elsewhere.test', authority),
  };
  const simulators = new Map<string, RunningSimulator>();
  for (const [name, tls] of Object.entries(certificates)) {
    simulators.set(name, await startTestSimulator({ seed: 'demo', plan: 'enterprise', buildScale: 0, tls }));
  }
  const simulator = simulators.get(host('acme-dev'));
  if (simulator === undefined) {
    throw new Error('The tenant of the network tests was not started.');
  }
  const hosts = Object.fromEntries([...simulators].map(([name, { url }]) => [`${name}:443`, Number(new URL(url).port)]));
  const proxy = await startProxy({ user: 'ann', password: registerSecret(`p@ss:word/${randomUUID()}`, 'the password of the proxy'), hosts });
  const file = join(folder, 'company-authority.pem');
  writeFileSync(file, authority.cert);
  return {
    settings: { 'http.proxy': proxy.url },
    env: { NODE_EXTRA_CA_CERTS: file, AUTH0_ACTIONS_TEST_PROXY: proxy.url },
    simulator,
    async close() {
      await proxy.close();
      await Promise.all([...simulators.values()].map(one => one.close()));
    },
  };
}
