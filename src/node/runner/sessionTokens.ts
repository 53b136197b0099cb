/** Tokens that go to another site with a redirect, and come back: JWT with HS256, as the service makes and takes them. */
import { createHmac, timingSafeEqual } from 'node:crypto';

type Fields = Readonly<Record<string, unknown>>;

const USUAL_SECONDS = 900;

/** `api.redirect.encodeToken`. `now` is in milliseconds. */
export function encodeToken(options: unknown, event: Fields, now: number): string {
  const { secret, payload, expiresInSeconds } = fields(options);
  const begin = Math.floor(now / 1000);
  const claims = {
    iat: begin,
    iss: fields(event['request'])['hostname'],
    sub: fields(event['user'])['user_id'],
    exp: begin + (typeof expiresInSeconds === 'number' ? expiresInSeconds : USUAL_SECONDS),
    ip: fields(event['request'])['ip'],
    ...fields(payload),
  };
  const body = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${body}.${signature(body, secret)}`;
}

/**
 * `api.redirect.validateToken`: the claims of the token that came back. In the events of a run nobody can sign a token, so
 * an object in its place stands for one that holds it.
 * @throws Error where there is no token, or none that is valid.
 */
export function validateToken(options: unknown, event: Fields, now: number): Fields {
  const { secret, tokenParameterName } = fields(options);
  const name = typeof tokenParameterName === 'string' ? tokenParameterName : 'session_token';
  const { query, body } = fields(event['request']);
  const token = fields(query)[name] ?? fields(body)[name];
  if (typeof token === 'object' && token !== null) {
    return fields(token);
  }
  if (typeof token !== 'string' || token === '') {
    throw new Error(`The session token is invalid: there is none in \`${name}\``);
  }
  const [head = '', claims = '', sign = ''] = token.split('.');
  const right = Buffer.from(signature(`${head}.${claims}`, secret));
  const given = Buffer.from(sign);
  if (right.length !== given.length || !timingSafeEqual(right, given)) {
    throw new Error('The session token is invalid: its signature does not fit');
  }
  const found = fields(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')));
  if (typeof found['exp'] === 'number' && found['exp'] * 1000 <= now) {
    throw new Error('The session token is invalid: it has expired');
  }
  return found;
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signature(text: string, secret: unknown): string {
  if (typeof secret !== 'string') {
    throw new Error('The session token needs a secret, which is a text');
  }
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? value as Fields : {};
}
