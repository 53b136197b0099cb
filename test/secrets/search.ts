/** A search for secrets in files of any kind, in the forms in which they get into files. */
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Secret } from '../support/secrets.ts';

/** A place where a secret may be. */
export interface Exception {
  readonly reason: string;
  /** Which files: their path below the searched folder, with slashes. */
  readonly files: RegExp;
  /** What is taken out of them before the search, with the flag `g`; the rest is searched. */
  readonly without: RegExp;
}

export interface Leak {
  readonly file: string;
  readonly what: string;
  readonly form: string;
  readonly at: number;
  /** What stands before it, to tell where it came from. */
  readonly before: string;
}

export interface Searched {
  readonly files: number;
  readonly bytes: number;
  readonly leaks: readonly Leak[];
}

/** Bytes that a report shows before a secret. */
const AROUND = 300;

/** Characters of a piece: of a secret that was cut, one piece is left whole as soon as 47 characters of it are. */
const PIECE = 24;

/** Every form in which a piece of a secret may be written. */
export function formsOf(piece: string): readonly (readonly [string, Buffer])[] {
  const bytes = Buffer.from(piece);
  const base64 = [0, 1, 2].flatMap(shift => {
    const text = aligned(bytes, shift);
    return [['base64', Buffer.from(text)], ['base64url', Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'))]] as const;
  });
  return [['plain', bytes], ['URL-encoded', Buffer.from(encodeURIComponent(piece))], ['JSON-escaped', Buffer.from(JSON.stringify(piece).slice(1, -1))], ['UTF-16', Buffer.from(piece, 'utf16le')], ...base64];
}

/** The base64 of bytes that stand somewhere in a longer text, without the characters that depend on their neighbours. */
function aligned(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/u, '');
  return text.slice(Math.ceil((shift * 8) / 6), (bytes.length + shift) % 3 === 0 ? undefined : -1);
}

/**
 * The pieces of a secret, end to end. What all secrets of a kind have in common is none of it: the first part of a JSON web
 * token, and the frame of a PEM text. Pieces of a token's claims are longer: in base64 a short one may be no more than the
 * address of its issuer, of which other servers on this machine have one as well.
 */
export function piecesOf(secret: string): readonly string[] {
  const [, claims, signature] = /^eyJ[\w-]+\.([\w-]+)\.([\w-]+)$/u.exec(secret) ?? [];
  return claims !== undefined && signature !== undefined
    ? [...inPieces(claims, 2 * PIECE), ...inPieces(signature, PIECE)]
    : inPieces(secret.replace(/-----[A-Z ]+-----\s*/gu, ''), PIECE);
}

function inPieces(text: string, size: number): readonly string[] {
  if (text.length <= size) {
    return [text];
  }
  const starts = Array.from({ length: Math.floor(text.length / size) }, (_, index) => index * size);
  return [...starts, text.length - size].map(start => text.slice(start, start + size));
}

interface Needle {
  readonly bytes: Buffer;
  readonly what: string;
  readonly form: string;
}

export class SecretSearch {
  /** By their first three bytes, as a bit and as a list: one look at each position of a file is enough for all of them. */
  readonly #first = new Uint8Array(2 ** 21);
  readonly #needles = new Map<number, Needle[]>();
  readonly #exceptions: readonly Exception[];

  constructor(secrets: readonly Secret[], exceptions: readonly Exception[]) {
    this.#exceptions = exceptions;
    for (const { text, what } of secrets) {
      for (const piece of piecesOf(text)) {
        for (const [form, bytes] of formsOf(piece)) {
          const key = keyAt(bytes, 0);
          this.#first[key >> 3] = (this.#first[key >> 3] ?? 0) | (1 << (key & 7));
          const others = this.#needles.get(key) ?? [];
          if (!others.some(one => one.bytes.equals(bytes))) {
            this.#needles.set(key, [...others, { bytes, what, form }]);
          }
        }
      }
    }
  }

  /** Searches all files below a folder, links left out. */
  folder(folder: string): Searched {
    let [files, bytes] = [0, 0];
    const leaks: Leak[] = [];
    for (const file of filesBelow(folder)) {
      const path = relative(folder, file).replaceAll('\\', '/');
      const content = this.#withoutExceptions(path, readFileSync(file));
      files += 1;
      bytes += content.length;
      leaks.push(...this.content(path, content));
    }
    return { files, bytes, leaks };
  }

  /** The first place of each form of each secret in some bytes. */
  content(file: string, content: Buffer): readonly Leak[] {
    const leaks = new Map<string, Leak>();
    for (let at = 0; at + 2 < content.length; at += 1) {
      const key = keyAt(content, at);
      if (((this.#first[key >> 3] ?? 0) & (1 << (key & 7))) !== 0) {
        for (const { bytes, what, form } of this.#needles.get(key) ?? []) {
          const id = `${what} ${form}`;
          if (!leaks.has(id) && content.subarray(at, at + bytes.length).equals(bytes)) {
            leaks.set(id, { file, what, form, at, before: content.subarray(Math.max(0, at - AROUND), at).toString('latin1').replace(/[^ -~]+/gu, ' ') });
          }
        }
      }
    }
    return [...leaks.values()];
  }

  #withoutExceptions(path: string, content: Buffer): Buffer {
    const here = this.#exceptions.filter(({ files }) => files.test(path));
    return here.length === 0 ? content : Buffer.from(here.reduce((text, { without }) => text.replace(without, ''), content.toString('latin1')), 'latin1');
  }
}

function keyAt(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    const about = lstatSync(path);
    return about.isDirectory() ? filesBelow(path) : about.isFile() ? [path] : [];
  });
}
