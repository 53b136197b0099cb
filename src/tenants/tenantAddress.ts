/**
 * What a person types or pastes as a tenant -> where requests go. Hosts are not held to a pattern (custom domains and
 * private cloud look different), but plain http is for this machine alone.
 */
export interface TenantAddress {
  /** Host with its port, where there is one: the tenant's key. */
  readonly id: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Short name for labels. */
  readonly name: string;
}

export type AddressProblem = 'empty' | 'notAHost' | 'plainHttp' | 'hasPath';

/** The address in a text, or what is wrong with it. */
export function readAddress(text: string): TenantAddress | AddressProblem {
  const trimmed = text.trim();
  if (trimmed === '') {
    return 'empty';
  }
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//iu.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (url === undefined || !/^https?:$/u.test(url.protocol) || url.username !== '' || url.password !== '') {
    return 'notAHost';
  }
  const loopback = isLoopback(url.hostname);
  // A name of two labels or more, none of them empty; a dot at the end would make another tenant of the same host.
  if (!loopback && !/^[^.]+(?:\.[^.]+)+$/u.test(url.hostname)) {
    return 'notAHost';
  }
  // The address of the API is what people find in their scripts; anything else names something this is not.
  if (!/^(?:\/|\/api\/v2\/?)$/u.test(url.pathname) || url.search !== '' || url.hash !== '') {
    return 'hasPath';
  }
  if (url.protocol === 'http:' && !loopback) {
    return 'plainHttp';
  }
  return { id: url.host, origin: url.origin, name: nameOf(url.host) };
}

/** `acme-dev.eu.auth0.com` -> `acme-dev`; any other host is its own name. */
export function nameOf(host: string): string {
  return /^([a-z0-9-]+)(?:\.[a-z0-9-]+)?\.auth0\.com$/u.exec(host)?.[1] ?? host;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
