/** What an endpoint is: method and path -> scope and work. */
import type { Tenant } from './tenant.ts';

export interface Request {
  readonly tenant: Tenant;
  /** Scheme and host, for addresses in answers. */
  readonly origin: string;
  readonly query: URLSearchParams;
  /** Parsed JSON, or `undefined` where none was sent. */
  readonly body: unknown;
  /** What the path's placeholders stood for. */
  readonly params: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly body?: object;
}

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** Any of them will do. */
  readonly scopes: readonly string[];
  readonly work: (request: Request) => Answer;
}

/** A placeholder in a path. */
export const ID = '([^/]+)';

export function route(method: string, path: string, scopes: readonly string[], work: Route['work']): Route {
  return { method, path: new RegExp(`^/api/v2${path}/?$`, 'u'), scopes, work };
}
