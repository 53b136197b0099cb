/** A private certificate authority like a company's own, and certificates of servers, made anew for each run. */
import { generate } from 'selfsigned';

/** PEM texts. */
export interface Pair {
  readonly key: string;
  readonly cert: string;
}

const DAY_MS = 86_400_000;
const MAKE = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

export async function makeAuthority(name: string): Promise<Pair> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    ...MAKE,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key, cert };
}

export interface ServerCertificateOptions {
  /** Days from now until it ends; below 0 for one that has expired. */
  readonly days?: number;
  /** Sends the authority's certificate along, as some servers do. */
  readonly wholeChain?: boolean;
}

/** A server's certificate for one host. Without an authority it is signed by itself. */
export async function makeServerCertificate(host: string, authority: Pair | undefined, { days = 30, wholeChain = false }: ServerCertificateOptions = {}): Promise<Pair> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    ...MAKE,
    notBeforeDate: new Date(Date.now() + (Math.min(days, 0) - 1) * DAY_MS),
    notAfterDate: new Date(Date.now() + days * DAY_MS),
    ...(authority === undefined ? {} : { ca: authority }),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ],
  });
  return { key, cert: wholeChain && authority !== undefined ? `${cert}\n${authority.cert}` : cert };
}
