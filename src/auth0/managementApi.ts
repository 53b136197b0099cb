/**
 * The calls of api.ts over the vendor's ActionsClient. Belongs to the network bundle (the SDK is heavier than all of
 * the rest together): import the type from api.ts, and get an object from src/node/network.ts.
 */
import { ActionsClient } from 'auth0/actions';
import type { Action, ActionChange, Binding, CallOptions, ManagementApi, Module, ModuleVersion, NewAction, Page, TokenSupply, Trigger, Version, WantedBinding } from './api.ts';
import type { Clock } from './clock.ts';
import { ApiError, isApiError, isSignedOut, unsent } from './errors.ts';
import { asObject, asObjects, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import type { LaneAnswer, LaneRequest, RequestLane } from './requestLane.ts';
import { FAILED_RUN, FAILURES_A_PAGE, readExecution, readFailedRuns, readTestResult } from './runs.ts';
import type { Execution, FailedRunsPage, TestResult } from './runs.ts';
import { readAction, readBinding, readModule, readModuleVersion, readPage, readTrigger, readVersion } from './shapes.ts';
import { within } from './within.ts';

export interface ManagementApiOptions {
  /** Scheme, host and port, such as `https://acme-dev.eu.auth0.com`. */
  readonly origin: string;
  readonly lane: RequestLane;
  readonly token: TokenSupply;
  readonly clock: Clock;
  /** Hears of each call that failed for want of a token that the service takes. */
  readonly onSignedOut?: () => void;
}

/** What a header can carry, and a token may consist of: anything else would show the token in the error of whoever refuses it. */
const TOKEN = /^[\x21-\x7e]+$/u;

/**
 * A keyring may wait for a person, who may not be there. Longer than one request of a sign-in may take, whose own failure
 * says more.
 */
const TOKEN_MS = 40_000;

/** The documented page size for actions; the service accepts more for none. */
const ACTIONS_A_PAGE = 100;
/** A flow holds 20 places at most: one page. */
const BINDINGS_A_PAGE = 50;
const MODULES_A_PAGE = 100;
/** Pages after which a list that never ends is believed to repeat itself. */
const MOST_PAGES = 50;

/**
 * The SDK starts its own clock before the lane's queue, and stops it at the headers: the lane's deadline is the one
 * that counts, so this one only has to be long, and finite (it takes `Infinity` for a millisecond).
 */
const SDK_TIMEOUT_S = 3600;

/** How a call goes through the lane. */
type Way = Pick<LaneRequest, 'signal' | 'priority' | 'once'>;

export function createManagementApi(options: ManagementApiOptions): ManagementApi {
  /** One call of the SDK. */
  function call<T>(o: CallOptions | undefined, work: (client: ActionsClient, seen: { readonly date?: number }) => PromiseLike<T>): Promise<T> {
    return limited(o, way => callOn(way, work));
  }

  /** With a client of its own, whose `fetch` is this call's way through the lane. */
  async function callOn<T>(way: Way, work: (client: ActionsClient, seen: { readonly date?: number }) => PromiseLike<T>): Promise<T> {
    const seen: { failure?: ApiError | undefined; sent: boolean; date?: number } = { sent: false };
    const client = new ActionsClient({
      baseUrl: `${options.origin}/api/v2`,
      token: () =>
        token(way.signal).catch((error: unknown) => {
          seen.failure = isApiError(error) ? error : undefined;
          throw error;
        }),
      maxRetries: 0,
      timeoutInSeconds: SDK_TIMEOUT_S,
      fetch: async (input, init) => {
        seen.sent = true;
        try {
          const answer = await request({
            method: init?.method ?? 'GET',
            url: urlOf(input),
            headers: Object.fromEntries(new Headers(init?.headers).entries()),
            ...(typeof init?.body === 'string' ? { body: init.body } : {}),
            ...way,
          });
          if (answer.date !== undefined) {
            seen.date = answer.date;
          }
          return new Response(answer.status === 204 ? null : answer.body, {
            status: answer.status,
            headers: { 'content-type': 'application/json' },
          });
        } catch (error) {
          // Kept aside, because the SDK wraps whatever its fetch throws and loses the kind. It must not throw either: the
          // SDK ends its own clock, an hour, only when its fetch resolves, and each failure would leave a timer behind.
          seen.failure = isApiError(error) ? error : new ApiError('network', { ...UNSENT, cause: error });
          return new Response('{}', { status: 500, headers: { 'content-type': 'application/json' } });
        }
      },
    });
    try {
      return await work(client, seen);
    } catch (error) {
      // What failed before anything was sent is no answer that was lost: a write must not look as if it may have acted.
      throw told(seen.failure ?? (isApiError(error) ? error : new ApiError(seen.sent ? 'malformed' : 'invalid', { ...UNSENT, cause: error })));
    }
  }

  /** The JSON of a read that the SDK's client for actions lacks; `path` begins below `/api/v2`. */
  function read(path: string, o?: CallOptions): Promise<unknown> {
    return limited(o, async way => {
      try {
        const { body } = await request({ method: 'GET', url: `${options.origin}/api/v2${path}`, headers: { authorization: `Bearer ${await token(way.signal)}`, accept: 'application/json' }, ...way });
        return parseJson(body);
      } catch (error) {
        throw told(isApiError(error) ? error : new ApiError('malformed', { ...UNSENT, cause: error }));
      }
    });
  }

  /** Runs a call, within its time where it has one. */
  function limited<T>({ withinMs, ...way }: CallOptions = {}, work: (way: Way) => Promise<T>): Promise<T> {
    return withinMs === undefined ? work(way) : within(options.clock, withinMs, new ApiError('timeout', UNSENT), way.signal, signal => work({ ...way, signal, once: true }));
  }

  /** Rejects with an ApiError only, of a request that is not sent for want of a token. */
  function token(signal: AbortSignal | undefined, refused?: string): Promise<string> {
    const late = new ApiError('auth', { ...UNSENT, signIn: 'noAnswer' });
    return within(options.clock, TOKEN_MS, late, signal, () => readToken(() => options.token(refused))).catch((error: unknown) => {
      throw unsent(isApiError(error) ? error : new ApiError('auth', { ...UNSENT, cause: error }));
    });
  }

  function told(failure: ApiError): ApiError {
    if (isSignedOut(failure)) {
      options.onSignedOut?.();
    }
    return failure;
  }

  /** A read whose token was refused is sent once more where there is another token. A write never is. */
  async function request(wanted: LaneRequest): Promise<LaneAnswer> {
    try {
      return await options.lane.request(wanted);
    } catch (error) {
      if (wanted.method !== 'GET' || !isSignedOut(error)) {
        throw error;
      }
      const refused = /^Bearer (.*)$/iu.exec(wanted.headers['authorization'] ?? '')?.[1] ?? '';
      // Why there is no other says more than the refusal did, but the refusal is what knows the service's clock.
      const other = await token(wanted.signal, refused).catch(() => refused);
      if (other === refused) {
        throw error;
      }
      return options.lane.request({ ...wanted, headers: { ...wanted.headers, authorization: `Bearer ${other}` } });
    }
  }

  return {
    listActions: (page: number, o?: CallOptions): Promise<Page<Action>> =>
      call(o, async client => {
        const answer = await client.list({ page, per_page: ACTIONS_A_PAGE });
        return readPage(answer.response, 'actions', readAction);
      }),
    getAction: (actionId: string, o?: CallOptions): Promise<Action> => call(o, async (client, seen) => {
        const action = readAction(await client.get(segment(actionId)));
        return seen.date === undefined ? action : { ...action, readAt: seen.date };
      }),
    listVersions: (actionId: string, page: number, perPage: number, o?: CallOptions): Promise<Page<Version>> =>
      call(o, async client => {
        const answer = await client.versions.list(segment(actionId), { page, per_page: perPage });
        return readPage(answer.response, 'versions', readVersion);
      }),
    getVersion: (actionId: string, versionId: string, o?: CallOptions): Promise<Version> =>
      call(o, async client => readVersion(await client.versions.get(segment(actionId), segment(versionId)))),
    deployAction: (actionId: string, o?: CallOptions): Promise<Version> => call(o, async client => readVersion(await client.deploy(segment(actionId)))),
    deployVersion: (actionId: string, versionId: string, updateDraft: boolean, o?: CallOptions): Promise<Version> =>
      call(o, async client => readVersion(await client.versions.deploy(segment(actionId), segment(versionId), updateDraft ? { update_draft: true } : undefined))),
    listBindings: (triggerId: string, o?: CallOptions): Promise<readonly Binding[]> =>
      call(o, async client => {
        const read: Binding[] = [];
        for (let page = 0, total = 0; ; page += 1) {
          const answer = await client.triggers.bindings.list(trigger(triggerId), { page, per_page: BINDINGS_A_PAGE });
          const { items, total: counted } = readPage(answer.response, 'bindings', readBinding);
          read.push(...items);
          total = counted ?? total;
          if (read.length >= total) {
            return read;
          }
          // Half a flow must never be taken for all of it: writing it back would remove the rest.
          if (items.length === 0) {
            throw new ApiError('malformed', { method: 'GET', path: `/api/v2/actions/triggers/${triggerId}/bindings`, incomplete: true });
          }
        }
      }),
    updateBindings: (triggerId: string, bindings: readonly WantedBinding[], o?: CallOptions): Promise<readonly Binding[]> =>
      call(o, async client => {
        const wanted = bindings.map(({ actionId, displayName }) => ({ ref: { type: 'action_id' as const, value: actionId }, ...(displayName === undefined ? {} : { display_name: displayName }) }));
        return readPage(await client.triggers.bindings.updateMany(trigger(triggerId), { bindings: wanted }), 'bindings', readBinding).items;
      }),
    createAction: (action: NewAction, o?: CallOptions): Promise<Action> => call(o, async client => readAction(await client.create(wire(action) as Parameters<ActionsClient['create']>[0]))),
    updateAction: (actionId: string, change: ActionChange, o?: CallOptions): Promise<Action> =>
      call(o, async client => readAction(await client.update(segment(actionId), wire(change) as Parameters<ActionsClient['update']>[1]))),
    deleteAction: (actionId: string, force: boolean, o?: CallOptions): Promise<void> =>
      call(o, async client => {
        await client.delete(segment(actionId), force ? { force: true } : {});
      }),
    testAction: (actionId: string, event: JsonObject, o?: CallOptions): Promise<TestResult> => call(o, async client => readTestResult(await client.test(segment(actionId), { payload: { event } }))),
    // The SDK's client for logs is another bundle's worth of code, and asks for totals, which the service refuses.
    listFailedRuns: async (page: number, o?: CallOptions): Promise<FailedRunsPage> =>
      readFailedRuns(await read(`/logs?q=${encodeURIComponent(`type:${FAILED_RUN}`)}&page=${page}&per_page=${FAILURES_A_PAGE}&sort=${encodeURIComponent('date:-1')}`, o)),
    getExecution: (executionId: string, o?: CallOptions): Promise<Execution> => call(o, async client => readExecution(await client.executions.get(segment(executionId)))),
    listModules: (o?: CallOptions): Promise<readonly Module[]> =>
      call(o, client => allPages(async page => readPage((await client.modules.list({ page, per_page: MODULES_A_PAGE })).response, 'modules', readModule))),
    listModuleVersions: (moduleId: string, o?: CallOptions): Promise<readonly ModuleVersion[]> =>
      call(o, client => allPages(async page => readPage((await client.modules.versions.list(segment(moduleId), { page, per_page: MODULES_A_PAGE })).response, 'versions', readModuleVersion))),
    listTriggers: (o?: CallOptions): Promise<readonly Trigger[]> =>
      call(o, async client => asObjects(asObject(await client.triggers.list())['triggers']).map(readTrigger)),
    headroom: laterMs => options.lane.headroom(laterMs),
  };
}

/** Where a failure is told of that happened before there was a request. */
const UNSENT = { method: 'GET', path: '/api/v2/actions' };

async function readToken(supply: () => Promise<string>): Promise<string> {
  const token = await supply();
  if (!TOKEN.test(token)) {
    throw new ApiError('auth', { ...UNSENT, cause: new Error('The access token holds characters that no access token has.') });
  }
  return token;
}

/** An id as a part of a path. The SDK encodes it, which leaves `.` and `..` as they are: the request would go elsewhere. */
function segment(id: string): string {
  if (/^\.{0,2}$/u.test(id) || /\p{Surrogate}/u.test(id)) {
    throw new ApiError('notFound', { ...UNSENT, cause: new Error('There is no such id.') });
  }
  return id;
}

/** A change as the service takes it. Its lists of triggers and runtimes are open, unlike the SDK's. */
function wire({ triggers, dependencies, modules, ...same }: ActionChange): object {
  return {
    ...same,
    ...(triggers === undefined ? {} : { supported_triggers: triggers }),
    ...(dependencies === undefined ? {} : { dependencies: dependencies.map(({ name, version, registryUrl }) => ({ name, version, ...(registryUrl === undefined ? {} : { registry_url: registryUrl }) })) }),
    ...(modules === undefined ? {} : { modules: modules.map(({ id, versionId }) => ({ module_id: id, module_version_id: versionId })) }),
  };
}

/** All pages of a list, until its total is reached or a page brings nothing. */
async function allPages<T>(read: (page: number) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items: more, total } = await read(page);
    items.push(...more);
    if (more.length === 0 || items.length >= (total ?? 0)) {
      break;
    }
  }
  return items;
}

/** The SDK's type knows the triggers of its day; the service adds others without notice. */
function trigger(id: string): Parameters<ActionsClient['triggers']['bindings']['list']>[0] {
  return segment(id) as Parameters<ActionsClient['triggers']['bindings']['list']>[0];
}

function urlOf(input: string | URL | Request): string {
  return typeof input === 'string' ? input : 'url' in input ? input.url : input.href;
}
